// A service that does nothing but note its starts and reloads, in the words of every supervisor.

/** One line a start or reload. Whether it can start lies in a file, so that a test can break it. */
const PROGRAM = `#!/bin/sh
[ -e /etc/napper.broken ] && { echo "napper: no bed" >&2; exit 7; }
echo started >>/run/napper.log
trap 'echo reloaded >>/run/napper.log' HUP
while :; do sleep 0.1; done
`;

const UNIT = `[Unit]
StartLimitIntervalSec=0
[Service]
Type=exec
EnvironmentFile=-/etc/default/napper
ExecStart=/usr/local/bin/napper
ExecReload=/bin/sh -c 'kill -HUP $MAINPID'
Restart=on-failure
RestartSec=200ms
[Install]
WantedBy=multi-user.target
`;

const OPENRC_SCRIPT = `#!/sbin/openrc-run
command=/usr/local/bin/napper
command_background=yes
pidfile=/run/napper.pid
extra_started_commands="reload"
start_pre() {
	[ ! -e /etc/napper.broken ]
}
stop() {
	start-stop-daemon --stop --pidfile "$pidfile" --retry TERM/5/KILL/5
}
reload() {
	start-stop-daemon --stop --signal HUP --pidfile "$pidfile"
}
`;

const LSB_SCRIPT = `#!/bin/sh
### BEGIN INIT INFO
# Provides:          napper
# Required-Start:
# Required-Stop:
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: notes its starts and reloads
### END INIT INFO
PIDFILE=/run/napper.pid
sleeps() { [ -e "$PIDFILE" ] && kill -0 "$(cat "$PIDFILE")" 2>/dev/null; }
start() {
  [ -e /etc/napper.broken ] && { echo "napper: no bed" >&2; return 7; }
  sleeps || start-stop-daemon --start --background --make-pidfile --pidfile "$PIDFILE" --exec /usr/local/bin/napper
}
stop() {
  sleeps && start-stop-daemon --stop --pidfile "$PIDFILE" --retry TERM/5/KILL/5
  rm -f "$PIDFILE"
}
case $1 in
  start) start ;;
  stop) stop ;;
  restart|force-reload) stop; start ;;
  reload) start-stop-daemon --stop --signal HUP --pidfile "$PIDFILE" ;;
  status) sleeps && exit 0; [ -e "$PIDFILE" ] && exit 1; exit 3 ;;
  *) echo "Usage: $0 {start|stop|restart|reload|status}" >&2; exit 2 ;;
esac
`;

/** Where a package would put it, so that it can be masked. */
const NAPPER_UNIT = "/usr/lib/systemd/system/napper.service";

/** What has to lie on a server: paths, and what is in them. All may be executed but the unit. */
export function napperFor(supervisor: "systemd" | "openrc" | "sysvinit"): Readonly<Record<string, string>> {
  const program = { "/usr/local/bin/napper": PROGRAM };
  if (supervisor === "systemd") return { ...program, [NAPPER_UNIT]: UNIT };
  return { ...program, "/etc/init.d/napper": supervisor === "openrc" ? OPENRC_SCRIPT : LSB_SCRIPT };
}
