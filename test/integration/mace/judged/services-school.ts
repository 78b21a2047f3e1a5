// The sources of one small school whose services can all run beside one another, on the loopback interface.

export const SCHOOL: Readonly<Record<string, string>> = {
  "0600.web/nginx.d/10-web.conf": "server {\n  listen 80 default_server;\n  root /var/www/school;\n}\n",
  "0600.web/files.d/var/www/school/index.html/10-welcome.conf": "<h1>Welcome to our school</h1>\n",
  "0600.web/files.d/etc/apache2/ports.conf/10-ports.conf": "Listen 8081\n",
  "0600.web/apache.d/modules/10-rewrite.conf": "rewrite_module mod_rewrite.so\n",
  "0600.web/apache.d/conf/10-quiet.conf": "ServerTokens Prod\n",
  "0600.web/apache.d/vhosts/10-books.conf": `<VirtualHost *:8081>
  DocumentRoot /var/www/school
  ErrorLog @APACHE_LOGS@/books.log
  RewriteEngine on
  RewriteRule ^/home$ /index.html
</VirtualHost>
`,
  "0300.proxy/squid.d/10-proxy.conf": `http_port 3128
cache_effective_user @SQUID_USER@
cache_dir ufs @SQUID_CACHE@ 100 16 256
shutdown_lifetime 1 seconds
`,
  "0300.proxy/squid.d/50-filter.conf": 'acl blocked dstdomain "/etc/school/blocked.txt"\nhttp_access deny blocked\n',
  "0300.proxy/squid.d/90-access.conf": "http_access allow localhost\nhttp_access deny all\n",
  "0300.proxy/files.d/etc/school/blocked.txt/10-list.conf": ".games.example\n",
  "0400.filter/e2guardian.d/main/10-main.conf": `languagedir = '/usr/share/e2guardian/languages'
language = 'ukenglish'
filterip = 127.0.0.1
filterports = 8080
proxyip = 127.0.0.1
proxyport = 3128
proxytimeout = 5
proxyexchange = 61
pcontimeout = 55
httpworkers = 20
logfileformat = 6
usecustombannedimage = off
usecustombannedflash = off
filtergroups = 1
preauthstoryboard = '/etc/e2guardian/preauth.story'
downloadmanager = '/etc/e2guardian/downloadmanagers/default.conf'
`,
  "0400.filter/e2guardian.d/group/1/10-group.conf": `groupname = 'pupils'
storyboard = '/etc/e2guardian/examplef1.story'
sitelist = 'name=banned,messageno=500,path=@E2GUARDIAN_LISTS@/schoolbanned'
maxuploadsize = -1
naughtynesslimit = 50
reportinglevel = 3
`,
  "0400.filter/e2guardian.d/lists/schoolbanned/10-list.conf": "casino.example\n",
  "0500.jabber/prosody.d/main/10-main.conf": `pidfile = "/run/prosody/prosody.pid"
log = "*console"
modules_enabled = { "roster"; "saslauth"; "disco"; "posix" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
interfaces = { "127.0.0.1" }
Include "@PROSODY_HOSTS@"
`,
  "0500.jabber/prosody.d/hosts/10-school.conf": 'VirtualHost "school.lan"\n',
  "0700.printing/cups.d/10-printers.conf": `Listen 127.0.0.1:631
WebInterface Yes
<Location />
  Order allow,deny
  Allow localhost
</Location>
`,
  "0800.books/kiwix.d/library/10-books.conf": '<?xml version="1.0"?>\n<library version="20110515">\n</library>\n',
  "0900.monitoring/prometheus.d/main/10-main.conf": `scrape_configs:
  - job_name: school
    static_configs: [{ targets: ["127.0.0.1:9090"] }]
`,
  "0900.monitoring/prometheus.d/main/20-rules.conf": 'rule_files: ["@PROMETHEUS_RULES@/*.yml"]\n',
  "0900.monitoring/prometheus.d/rules/link/10-link.conf": `groups:
  - name: link-of-the-school
    rules:
      - { record: link:up, expr: max(up) }
`,
  "0900.monitoring/prometheus.d/agent/10-agent.conf": `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: school
    static_configs: [{ targets: ["127.0.0.1:9091"] }]
remote_write:
  - url: http://127.0.0.1:9201/write
    queue_config: { batch_send_deadline: 1s }
`,
  "0900.monitoring/prometheus.d/options/10-agent.conf":
    '@PROMETHEUS_ARGS@="--enable-feature=agent --config.file=@PROMETHEUS_AGENT@ --storage.agent.path=/var/lib/prometheus/agent --web.listen-address=127.0.0.1:9091"\n',
  "0900.monitoring/node-exporter.d/10-options.conf":
    '@NODE_EXPORTER_ARGS@="--web.listen-address=127.0.0.1:9100 --collector.disable-defaults --collector.uname"\n',
};

/** A second jabber server, whose ports are the same: it belongs to a school that has it in place of the first. */
export const EJABBERD: Readonly<Record<string, string>> = {
  "0500.jabber/ejabberd.d/10-main.conf": `hosts: [school.lan]
loglevel: info
listen:
  - { port: 5322, ip: 127.0.0.1, module: ejabberd_c2s }
modules: {}
`,
};
