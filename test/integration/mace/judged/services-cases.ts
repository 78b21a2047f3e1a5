// For each service of a school that has a checker: pieces that the real program finds good, and one that it refuses.
// e2guardian, ejabberd, node-exporter and sugar-server have no checker that reads a file by itself, and neither have the
// options of Prometheus's unit: the first two are started on their files instead, in services.test.ts.
import { existsSync, readdirSync } from "node:fs";
import type { Case } from "./network-cases.ts";

const CLUSTERS = "/usr/lib/postgresql";
/** PostgreSQL's pieces name the version that they are for. */
const POSTGRESQL = (existsSync(CLUSTERS) ? readdirSync(CLUSTERS).sort().at(-1) : undefined) ?? "15";

const PERIODIC = 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n';
const SCRAPE =
  'global: { scrape_interval: 15s }\nscrape_configs:\n  - job_name: school\n    static_configs: [{ targets: ["127.0.0.1:9100"] }]\n';
const WRITE = "remote_write:\n  - url: http://127.0.0.1:9201/write\n";
const MODULES = "# pages under other names\nrewrite_module mod_rewrite.so\n";
const SITE = `<VirtualHost *:80>
  ServerName schoolserver
  DocumentRoot /var/www/html
  ErrorLog @APACHE_LOGS@/school.log
  RewriteEngine on
  RewriteRule ^/home$ /
</VirtualHost>
`;
const UNIT = `[Unit]
Description=Books
[Service]
ExecStart=/usr/bin/kiwix-serve --port 8090 --library @KIWIX_LIBRARY@
DynamicUser=yes
[Install]
WantedBy=multi-user.target
`;

export const CASES: readonly Case[] = [
  {
    service: "apache's modules",
    programs: ["apache2ctl"],
    good: { "apache.d/modules/10.conf": MODULES },
    broken: { "apache.d/modules/20.conf": "headers_module mod_haeders.so\n" },
    checked: ["/etc/apache2/mods-enabled/zz-school.load"],
    refused: "/etc/apache2/mods-enabled/zz-school.load",
    says: /Cannot load .*mod_haeders\.so/,
  },
  {
    service: "apache's sites, with what they need of the modules that come with them",
    programs: ["apache2ctl"],
    good: {
      "apache.d/modules/10.conf": MODULES,
      "apache.d/conf/10.conf": "ServerTokens Prod\nDefine SCHOOL\n",
      "apache.d/vhosts/10.conf": SITE,
      "apache.d/vhosts/20.conf": "<IfDefine !SCHOOL>\n  NeverKnown on\n</IfDefine>\n",
    },
    broken: { "apache.d/vhosts/30.conf": "<VirtualHost *:80>\n  DocumntRoot /srv\n</VirtualHost>\n" },
    checked: ["/etc/apache2/conf-enabled/school.conf", "/etc/apache2/sites-enabled/00-school.conf"],
    refused: "/etc/apache2/sites-enabled/00-school.conf",
    says: /Invalid command 'DocumntRoot'/,
  },
  {
    service: "apache's settings",
    programs: ["apache2ctl"],
    good: { "apache.d/conf/10.conf": "ServerTokens Prod\n" },
    broken: { "apache.d/conf/20.conf": "KeepAlive perhaps\n" },
    checked: ["/etc/apache2/conf-enabled/school.conf"],
    refused: "/etc/apache2/conf-enabled/school.conf",
    says: /KeepAlive must be On or Off/,
  },
  {
    service: "nginx",
    programs: ["nginx"],
    good: { "nginx.d/10.conf": "server {\n  listen 80 default_server;\n  root /var/www/school;\n}\n" },
    broken: { "nginx.d/20.conf": "server {\n  lissen 81;\n}\n" },
    checked: ["/etc/nginx/conf.d/school.conf"],
    refused: "/etc/nginx/conf.d/school.conf",
    says: /unknown directive "lissen"/,
  },
  {
    service: "squid",
    programs: ["squid"],
    good: {
      "squid.d/10.conf": "http_port 3128\ncache_effective_user @SQUID_USER@\n",
      "squid.d/90.conf": "http_access deny all\n",
    },
    broken: { "squid.d/50.conf": "http_acces allow all\n" },
    checked: ["/etc/squid/squid.conf"],
    refused: "/etc/squid/squid.conf",
    says: /unrecognized: 'http_acces'/,
  },
  {
    service: "prosody's main file",
    programs: ["prosodyctl"],
    good: {
      "prosody.d/main/10.conf":
        'modules_enabled = { "roster"; "saslauth"; "tls"; "disco" }\nVirtualHost "school.lan"\n',
    },
    broken: { "prosody.d/main/20.conf": 'admins = { "teacher@school.lan"\n' },
    checked: ["/etc/prosody/prosody.cfg.lua"],
    refused: "/etc/prosody/prosody.cfg.lua",
    says: /'}' expected/,
  },
  {
    service: "prosody's hosts",
    programs: ["prosodyctl"],
    good: { "prosody.d/hosts/10.conf": 'VirtualHost "school.lan"\nComponent "rooms.school.lan" "muc"\n' },
    broken: { "prosody.d/hosts/20.conf": 'VirtualHost "school.lan\n' },
    checked: ["/etc/prosody/conf.d/school.cfg.lua"],
    refused: "/etc/prosody/conf.d/school.cfg.lua",
    says: /unfinished string/,
  },
  {
    service: "postgresql",
    programs: ["pg_ctlcluster"],
    good: { [`postgresql.d/cluster/${POSTGRESQL}/10.conf`]: "max_connections = 20\n" },
    broken: { [`postgresql.d/cluster/${POSTGRESQL}/20.conf`]: "max_conections = 20\n" },
    checked: [`/etc/postgresql/${POSTGRESQL}/main/conf.d/school.conf`],
    refused: `/etc/postgresql/${POSTGRESQL}/main/conf.d/school.conf`,
    says: /unrecognized configuration parameter "max_conections"/,
  },
  {
    service: "mariadb",
    programs: ["mariadbd"],
    good: { "mariadb.d/10.conf": "[mysqld]\ninnodb_buffer_pool_size = 64M\n" },
    broken: { "mariadb.d/20.conf": "innodb_bufer_pool_size = 64M\n" },
    checked: ["/etc/mysql/mariadb.conf.d/90-school.cnf"],
    refused: "/etc/mysql/mariadb.conf.d/90-school.cnf",
    says: /unknown variable 'innodb_bufer_pool_size=64M'/,
  },
  {
    service: "samba, which forgives what it does not know",
    programs: ["testparm"],
    good: {
      "samba.d/10.conf": "[global]\nworkgroup = SCHOOL\n",
      "samba.d/20.conf": "[books]\npath = /srv/books\nread only = yes\n",
    },
    broken: { "samba.d/30.conf": "readonly_ = yes\n" },
    checked: ["/etc/samba/smb.conf"],
    refused: "/etc/samba/smb.conf",
    says: /\(Unknown parameter encountered: "readonly_"\)/,
  },
  {
    service: "cups, which forgives what it does not know",
    programs: ["cupsd"],
    good: { "cups.d/10.conf": "Listen localhost:631\nBrowsing Off\n" },
    broken: { "cups.d/20.conf": "Browsing Of\nListn *:631\n" },
    checked: ["/etc/cups/cupsd.conf"],
    refused: "/etc/cups/cupsd.conf",
    says: /Unknown directive Listn on line \d+/,
  },
  {
    service: "unattended upgrades",
    programs: ["apt-config"],
    good: { "unattended-upgrades.d/apt/10.conf": PERIODIC },
    broken: { "unattended-upgrades.d/apt/20.conf": 'Unattended-Upgrade::Mail "teacher@school.lan"\n' },
    checked: ["/etc/apt/apt.conf.d/90school"],
    refused: "/etc/apt/apt.conf.d/90school",
    says: /Syntax error .*:\d+:/,
  },
  {
    service: "Prometheus as a server",
    programs: ["promtool"],
    good: {
      "prometheus.d/main/10.conf": SCRAPE,
      "prometheus.d/main/20.conf": 'rule_files: ["@PROMETHEUS_RULES@/*.yml"]\n',
      "prometheus.d/main/30.conf": WRITE,
    },
    broken: { "prometheus.d/main/40.conf": "rules_files: []\n" },
    checked: ["/etc/prometheus/prometheus.yml"],
    refused: "/etc/prometheus/prometheus.yml",
    says: /field rules_files not found/,
  },
  {
    service: "Prometheus as an agent, which has no rules",
    programs: ["promtool"],
    good: { "prometheus.d/agent/10.conf": SCRAPE, "prometheus.d/agent/20.conf": WRITE },
    broken: { "prometheus.d/agent/30.conf": 'rule_files: ["@PROMETHEUS_RULES@/*.yml"]\n' },
    checked: ["/etc/prometheus/agent.yml"],
    refused: "/etc/prometheus/agent.yml",
    says: /field rule_files is not allowed in agent mode/,
  },
  {
    service: "Prometheus's rules",
    programs: ["promtool"],
    good: {
      "prometheus.d/rules/link/10.conf":
        "groups:\n  - name: link\n    rules:\n      - { record: link:up, expr: max(up) }\n",
    },
    broken: { "prometheus.d/rules/link/20.conf": "      - { record: link:down, expr: min(up }\n" },
    checked: ["/etc/prometheus/rules/link.yml"],
    refused: "/etc/prometheus/rules/link.yml",
    says: /could not parse expression/,
  },
  {
    service: "Kiwix's list of books",
    programs: ["kiwix-manage"],
    good: { "kiwix.d/library/10.conf": '<?xml version="1.0"?>\n<library version="20110515">\n</library>\n' },
    broken: { "kiwix.d/library/10.conf": '<?xml version="1.0"?>\n<library version="20110515">\n' },
    checked: ["/etc/kiwix/library.xml"],
    refused: "/etc/kiwix/library.xml",
    says: /Cannot read the library/,
  },
  {
    service: "Kiwix's unit",
    programs: ["systemd-analyze", "kiwix-serve"],
    good: { "kiwix.d/unit/10.conf": UNIT },
    broken: { "kiwix.d/unit/20.conf": "[Service]\nRestrat=always\n" },
    checked: ["/etc/systemd/system/kiwix.service"],
    refused: "/etc/systemd/system/kiwix.service",
    says: /Unknown key (?:name )?'Restrat'/,
  },
];
