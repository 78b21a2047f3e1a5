// Where the facts of mace/services/ were read: for each service and family the packages of the distribution, and what they
// did not tell (`open`). What is not named here is not confirmed. An empty list with `lacks` is a family that was looked at
// and does not have the service.

/** `{ sources: [{ text, address }], open?, lacks? }` by family, by service. */
export const SOURCES = {
  apache: {
    debian: debian("apache2"),
    redhat: fedora("httpd"),
    suse: suse("apache2", "0d0780853021323bfd0211887ba18517dc69628d"),
    arch: {
      ...arch("apache", "05861e502d312d979538ed2248534c23c13dc191"),
      lacks: "a directory that the main file includes",
    },
    alpine: alpine("main/apache2", "008714ad180f806d92667e21891f0f25718e2612"),
  },
  bind: {
    debian: debian("bind9"),
    redhat: fedora("bind"),
    suse: suse("bind", "0593d02cb1dc7982659e75685d2bb4d4cdfc880c"),
    arch: arch("bind", "09d974094147ddb6a9d177a76d9ec33b05572762"),
    alpine: alpine("main/bind", "000448bf41a304f8c8bb80b82646bbbb3549b492"),
  },
  chrony: {
    debian: debian("chrony"),
    redhat: fedora("chrony"),
    suse: suse("chrony", "0177b4f8c621c6c7e38b24e40da932f5d0caa4b7"),
    arch: arch("chrony", "2029cfa06570067fef47b2feca28143930910b4a", "community"),
    alpine: alpine("main/chrony", "0323b71cb35062acfa199af88c926835c351142a"),
  },
  cron: {
    debian: debian("cron"),
    redhat: fedora("cronie"),
    suse: suse("cronie", "15675bd37137aa164feb565fab929a765d18dee7"),
    arch: arch("cronie", "168ed7277acb8980a0a50d56a77bd39ce766cec9"),
    alpine: alpine("community/cronie", "04040c14ec42d6e8567157a0b4ed736c63aa6925"),
  },
  cups: {
    debian: debian("cups-daemon"),
    redhat: fedora("cups"),
    suse: suse("cups", "077a3f3384eef2cd6b531ee36a1d5695eead3305"),
    arch: {
      ...arch("cups", "031b7bf788d99923fc80d24effda181df47ff793"),
      open: "the unit, which had another name in that version (2.2.3)",
    },
    alpine: alpine("main/cups", "006e144fc6d08988dd9621432190c1dbfb3c7f24"),
  },
  dhcp: {
    debian: debian("isc-dhcp-server", "kea-dhcp4-server"),
    redhat: fedora("dhcp", "kea"),
    suse: both(
      suse("dhcp", "06f3ae3bca145ce88c73189ce586667290339a95"),
      suse("kea", "04e228d50971afca289d4c693cca886020dc242b"),
    ),
    arch: both(
      arch("dhcp", "1d791017905c061baf3025a6db1cf3bb031dd3aa"),
      arch("kea", "03bc0c4e9e0753e17460d3e1cc6de6771418758b", "community"),
    ),
    alpine: both(
      alpine("main/dhcp", "0087c52e2be8c96576a588a663a7805f37a4028b"),
      alpine("main/kea", "00c9c05d721eea801e7b341591bbdf91afacb47d"),
    ),
  },
  dnsmasq: {
    debian: debian("dnsmasq"),
    redhat: fedora("dnsmasq"),
    suse: suse("dnsmasq", "1a62f745ceeaaa23453e2abf8535f3ba9fc79340"),
    arch: arch("dnsmasq", "16f89f3fb433ee3edbf547dc0bd8b6ba3a6cbc86"),
    alpine: both(
      alpine("main/dnsmasq", "0049a57d0992bcbfaa2bd6e826e2f5af00440999"),
      alpine("main/dnsmasq", "4d0b9def71b2e28452a2e867cafda379e2c07643", "uncomment-conf-dir.patch"),
    ),
  },
  e2guardian: {
    debian: debian("e2guardian"),
    redhat: fedoraLacks("e2guardian"),
    suse: { sources: [], open: "that it does not have e2guardian" },
    arch: { sources: [], open: "that it does not have e2guardian" },
    alpine: {
      ...alpine("testing/e2guardian", "64f101ffe411c19b1d6cf276b5e4ec80e0757c52"),
      open: "whether a release has it: it was among the testing packages",
    },
  },
  ejabberd: {
    debian: debian("ejabberd"),
    redhat: fedoraLacks("ejabberd"),
    suse: { sources: [], open: "that it does not have ejabberd" },
    arch: {
      ...arch("ejabberd", "0101f3a0f780764b8f4117895a63a633fb0c92c4", "community"),
      open: "the user's name, so mace does not know it there",
    },
    alpine: alpine("community/ejabberd", "00af631cf7a472843dca719709a2a0c4c462cce8"),
  },
  files: {},
  hostapd: {
    debian: debian("hostapd"),
    redhat: fedora("hostapd"),
    suse: suse("hostapd", "30425bb22d3917ac259b85ba2b6bd89f86b806db"),
    arch: {
      ...arch("hostapd", "0795e57f356ff99d3589a876be592c1a8fb29f9d", "community", "repos/community-x86_64"),
      open: "that the package brings the file itself (2.2 brought only the directory)",
    },
    alpine: alpine("main/hostapd", "016e9d7e599b1e755132ff058af4cbaaf1e72d82"),
  },
  iptables: {
    debian: debian("iptables-persistent", "netfilter-persistent"),
    redhat: fedora("iptables"),
    suse: { ...suse("iptables", "2369777412874286dc0708d120889eddecf1fd39"), lacks: "a service and a file" },
    arch: arch("iptables", "0c0d0920fd9bae5f77e1a0d7fbd0df943bec43b4"),
    alpine: both(
      alpine("main/iptables", "00630fd78516f529daf3005c7defcd6baf4b95f9"),
      alpine("main/iptables", "85611c3e0ae8d1fba9faec8233fe85a7cc1b5e16", "iptables.confd"),
    ),
  },
  kiwix: {
    debian: debian("kiwix-tools"),
    redhat: fedora("kiwix-tools"),
    suse: suse("kiwix-tools", "f7d0b63024f71da16c94e59d50a331766bbc9dea"),
    arch: arch("kiwix-tools", "05d4a8bbc1bb4992dd896afd344d6c9646126636", "community"),
    alpine: {
      ...alpine("community/kiwix-tools", "063c71bbafebc074bc387b92b6b9d7f4b5b3f9d2"),
      lacks: "systemd, for which the unit is",
    },
  },
  logrotate: {
    debian: debian("logrotate"),
    redhat: fedora("logrotate"),
    suse: suse("logrotate", "05ec3062e1d13144341c5f47abe2ab3e8ca73b2d"),
    arch: arch("logrotate", "0dd914404674054bbc4a138dc98c562a33aa97bd"),
    alpine: alpine("main/logrotate", "006b0c82fb339797161826350f946e45f7a1617c"),
  },
  mariadb: {
    debian: debian("mariadb-server"),
    redhat: fedora("mariadb11.8"),
    suse: suse("mariadb", "03fdc94c68d7559499159915ccecffbafac537a5"),
    arch: {
      ...arch("mariadb", "2176be4a8f85f82b13fbfaa27bf2153ab2146702", "packages", "repos/extra-x86_64"),
      open: "the directory, which was /etc/mysql/my.cnf.d in that version (10.3)",
    },
    alpine: alpine("main/mariadb", "000c07ff78a5114f8245457566475b61165cf2aa"),
  },
  network: {
    debian: debian("ifupdown", "systemd", "network-manager"),
    redhat: fedora("systemd", "NetworkManager"),
    suse: both(
      suse("systemd", "069ac9826b96f848bb6684720837ae26e09dd1a8"),
      suse("NetworkManager", "0037ece58e7e73b250d1bd227708cf2e79a595c6"),
    ),
    arch: {
      ...both(
        arch("systemd", "02999512a239885ac8ce1d02434c8d573815e384"),
        arch("networkmanager", "0c587359cdd1053ba2ad877c66b49c372ce9030d"),
      ),
      open: "NetworkManager's directory and unit, which its own build system puts where they are",
    },
    alpine: {
      ...both(
        alpine("main/ifupdown-ng", "0486d3261af30a4e9c592620cd771b5d2e3d929c"),
        alpine("community/networkmanager", "01511c2fb7da2df30355a8038d53050cf012d777"),
      ),
      open: "/etc/network/interfaces and NetworkManager's directory",
    },
  },
  nftables: {
    debian: debian("nftables"),
    redhat: fedora("nftables"),
    suse: both(
      suse("nftables", "077a3f3384eef2cd6b531ee36a1d5695eead3305"),
      suse(
        "nftables",
        "077a3f3384eef2cd6b531ee36a1d5695eead3305",
        "0001-tools-add-a-systemd-unit-for-static-rulesets.patch",
      ),
    ),
    arch: arch("nftables", "0aba358b663710ce2b772707659f82b97ae73e9d"),
    alpine: alpine("main/nftables", "00a6ab48b5109506c505191815d3c2b32bbedf9a"),
  },
  nginx: {
    debian: debian("nginx-common"),
    redhat: fedora("nginx"),
    suse: {
      ...suse("nginx", "026e185fc359cd38aa0179366518245e0610079a"),
      open: "the user's name and that nginx.conf includes conf.d",
    },
    arch: arch("nginx", "1ef9a5faee8a4293bf27824f21aace0c4f912be3"),
    alpine: {
      ...alpine("main/nginx", "ce4f9d8e9feb7753522bcbc96a7b295519660346", "nginx.conf"),
      open: "the service's name and default.conf",
    },
  },
  "node-exporter": {
    debian: debian("prometheus-node-exporter"),
    redhat: { ...fedora("node-exporter"), open: "the variable in which its unit looks for options" },
    suse: both(
      suse("golang-github-prometheus-node_exporter", "02b2bcb5461e9bc0f497058e78262be7ab1768bc"),
      suse(
        "golang-github-prometheus-node_exporter",
        "9865b159b60d33a178f665226c8c3f2402c5fb43",
        "prometheus-node_exporter.service",
      ),
    ),
    arch: {
      ...arch("prometheus-node-exporter", "2069974ce0e7c3adab3683d69a410516e74fb469"),
      open: "the name of the variable",
    },
    alpine: both(
      alpine("community/prometheus-node-exporter", "00be790f8d173df6bbf1c1f0a940b428dd0af78f"),
      alpine("community/prometheus-node-exporter", "270b2ccb3e4c6a0f75aa28574c95869f1fd30bdb", "node-exporter.initd"),
    ),
  },
  postgresql: {
    debian: debian("postgresql-common"),
    redhat: fedora("postgresql18"),
    suse: both(
      suse("postgresql", "0dddf9ca61d301c152e2dccdd64c753006a550c4"),
      suse("postgresql", "2ac0ab597fa8bf7f6c4385e39aabbe02ce5c26e9", "postgresql-script"),
    ),
    arch: { ...arch("postgresql", "02b716a475fea462ed2aabf94f5414c45e5f5935"), open: "the directory of the cluster" },
    alpine: alpine("main/postgresql-common", "26e44ca6a348bd4cf00a30188eae2a090349b15b", "postgresql.initd"),
  },
  prometheus: {
    debian: debian("prometheus"),
    redhat: fedora("prometheus"),
    suse: both(
      suse("golang-github-prometheus-prometheus", "01e4593a764969943c333e51f9d0b9e9381adaf2"),
      suse("golang-github-prometheus-prometheus", "2639bb0ff2cb5f5b2847caa3650c3a048a46b704", "prometheus.service"),
    ),
    arch: both(
      arch("prometheus", "0644229e8bc122db504912b2f2d6fbab76acdd5b"),
      arch("prometheus", "446f557e88ee16de7d17e6715d5832fd514956c9", "packages", "trunk", "prometheus.service"),
    ),
    alpine: both(
      alpine("community/prometheus", "00be790f8d173df6bbf1c1f0a940b428dd0af78f"),
      alpine("community/prometheus", "0be0803b1f3636c73ea5c04500a2c8d1418923e7", "prometheus.initd"),
    ),
  },
  prosody: {
    debian: debian("prosody"),
    redhat: fedora("prosody"),
    suse: suse("prosody", "03e137983b40e91bd6ea516909b32a0ec40cdd18"),
    arch: arch("prosody", "05058a8dc3c2b1c81cb333654a7ea4fe2f1488c5", "community"),
    alpine: alpine("community/prosody", "087f28e29d3037d7c083bdcac5c00959097e6a53"),
  },
  radvd: {
    debian: debian("radvd"),
    redhat: fedora("radvd"),
    suse: suse("radvd", "2639bb0ff2cb5f5b2847caa3650c3a048a46b704"),
    arch: arch("radvd", "0e02df8d7f8038744dc25f88868e0ffa69c838a5", "community"),
    alpine: {
      ...alpine("main/radvd", "0712f7387dbb0b4eea7043b5fb5eb71ba30c23c7"),
      open: "that the package brings the file",
    },
  },
  rsync: {
    debian: debian("rsync"),
    redhat: fedora("rsync"),
    suse: suse("rsync", "00d26afd4bab9fb0a0853158b96deb07daf9fdc4"),
    arch: arch("rsync", "3675e64da2ec58f14f98a57e203cd920a22407f2", "packages", "repos/extra-x86_64"),
    alpine: alpine("main/rsync", "005c837e5e7c10bb2a985a8f610bb43efd2fa7b1"),
  },
  samba: {
    debian: debian("samba"),
    redhat: fedora("samba"),
    suse: { ...suse("samba", "07f48dddf6126e7d435c438d7831a36a863e922d"), open: "the file" },
    arch: {
      ...arch("samba", "1199980b0aa196ca0a19cb44defb62603e86ae5f", "packages", "repos/extra-x86_64"),
      open: "the unit, which was smbd.service in that version (4.1), and that the package brings the file",
    },
    alpine: alpine("main/samba", "009040103407533ea980becb5012c7d386900453"),
  },
  squid: {
    debian: debian("squid"),
    redhat: fedora("squid"),
    suse: suse("squid", "07b6462648f51c068e12febef0196f174c531343"),
    arch: {
      ...arch("squid", "015b81a10c9ca68742f12f42861a6b829ddf9a3e", "community"),
      open: "the directory of the cache, which squid's own default makes of `--localstatedir=/var`",
    },
    alpine: alpine("main/squid", "00875b5def8686a157b7fa38028bd934858fd4b7"),
  },
  ssh: {
    debian: debian("openssh-server"),
    redhat: fedora("openssh"),
    suse: {
      ...suse("openssh", "037dd04b489f5a0f193463e5e643c0fe1d99237e"),
      open: "that sshd_config includes the directory, which the package brings",
    },
    arch: {
      ...arch("openssh", "025d2b968626d419b945cc129140d07c336260f1"),
      open: "that sshd_config includes the directory: 9.0 did not",
    },
    alpine: {
      ...alpine("main/openssh", "bf33a0f44d17cc336c815fcae55eafd8ea3b34b2"),
      open: "that sshd_config includes the directory: 7.9 did not",
    },
  },
  "sugar-server": {},
  sysctl: {
    debian: debian("procps", "systemd"),
    redhat: fedora("procps-ng", "systemd"),
    arch: {
      ...arch("procps-ng", "3a257bfd9c84b6bdce1771ff4da2b01064b1e3f6"),
      open: "the unit and the directory, which are systemd's own",
    },
    alpine: {
      ...alpine("main/openrc", "00a4b6c325417c745af21418f28faf3e23606f66"),
      open: "the directory",
    },
  },
  systemd: {
    debian: debian("systemd"),
    redhat: fedora("systemd"),
    suse: suse("systemd", "069ac9826b96f848bb6684720837ae26e09dd1a8"),
    arch: arch("systemd", "02999512a239885ac8ce1d02434c8d573815e384"),
    alpine: { sources: [], lacks: "systemd" },
  },
  "unattended-upgrades": {
    debian: debian("unattended-upgrades", "apt"),
    redhat: fedora("dnf", "dnf5"),
    suse: {
      sources: [
        ...suse("os-update", "0dd73f13be78c4a57fc5a3121d51ea32f5521638").sources,
        {
          text: "os-update's README.md",
          address: "https://github.com/openSUSE/os-update/blob/9fd9164135bcd4dd93bb1cbc6a152e324f623534/README.md",
        },
      ],
    },
  },
};

/** Packages of Debian 12, which the tests have at hand. */
function debian(...packages) {
  return cited(packages.map((name) => [`Debian 12 ${name}`, `https://packages.debian.org/bookworm/${name}`]));
}

/** Fedora's development branch, as collected in August 2026. */
function fedora(...packages) {
  const folder = "https://github.com/major/fedora-rpm-specs/blob/10e71f1b94b0df256b81ddebc759ad0f08fd3ef7/specs";
  return cited(packages.map((name) => [`Fedora ${name}.spec`, `${folder}/${name}.spec`]));
}

function fedoraLacks(service) {
  const address = "https://github.com/major/fedora-rpm-specs/tree/10e71f1b94b0df256b81ddebc759ad0f08fd3ef7/specs";
  return { ...cited([["all specs of Fedora", address]]), lacks: service };
}

/** openSUSE Factory, by a mirror of its packages. */
function suse(name, commit, file = `${name}.spec`) {
  const path = `packages/${name.charAt(0).toLowerCase()}/${name}/${file}`;
  return cited([[`openSUSE ${file}`, `https://github.com/bmwiedemann/openSUSE/blob/${commit}/${path}`]]);
}

/** Arch as of 2023 or before: its newer packages lie elsewhere. */
function arch(name, commit, part = "packages", folder = "trunk", file = "PKGBUILD") {
  const address = `https://github.com/archlinux/svntogit-${part}/blob/${commit}/${name}/${folder}/${file}`;
  return cited([[`Arch ${name} ${file}`, address]]);
}

function alpine(path, commit, file = "APKBUILD") {
  return cited([[`Alpine ${path} ${file}`, `https://github.com/alpinelinux/aports/blob/${commit}/${path}/${file}`]]);
}

function cited(pairs) {
  return { sources: pairs.map(([text, address]) => ({ text, address })) };
}

function both(first, second) {
  return { sources: [...first.sources, ...second.sources] };
}
