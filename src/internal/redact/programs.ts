/** How a program takes a secret. */
export interface Takes {
  /** Options whose next word is one: `-a x`, `-P x`. */
  readonly next?: string;
  /** Options to which one is attached: `-px`. */
  readonly attached?: string;
  /** Options whose next word holds user and secret: `-u a:b`. */
  readonly pair?: string;
  /** Any word that looks random is one: `vault login x`. */
  readonly words?: boolean;
}

const PROGRAMS: ReadonlyMap<string, Takes> = new Map(
  Object.entries<Takes>({
    mysql: { attached: 'p' },
    mariadb: { attached: 'p' },
    mongo: { next: 'p', attached: 'p' },
    'ssh-keygen': { next: 'NP' },
    'redis-cli': { next: 'a' },
    'valkey-cli': { next: 'a' },
    'keydb-cli': { next: 'a' },
    'redis-benchmark': { next: 'a' },
    curl: { pair: 'uUb', next: 'EK' },
    http: { pair: 'aA' },
    https: { pair: 'aA' },
    wget: {},
    sshpass: { next: 'p', attached: 'p' },
    plink: { next: 'pw' },
    pscp: { next: 'pw' },
    docker: { next: 'p', attached: 'p' },
    podman: { next: 'p', attached: 'p' },
    helm: { next: 'p' },
    oc: { next: 'p' },
    cf: { next: 'p' },
    az: { next: 'p' },
    skopeo: { pair: '' },
    zip: { next: 'P', attached: 'P' },
    unzip: { next: 'P', attached: 'P' },
    '7z': { attached: 'p' },
    '7za': { attached: 'p' },
    rar: { attached: 'p' },
    unrar: { attached: 'p' },
    sqlcmd: { next: 'P', attached: 'P' },
    bcp: { next: 'P', attached: 'P' },
    isql: { next: 'P', attached: 'P', words: true },
    tsql: { next: 'P', attached: 'P' },
    sqlplus: { pair: '', words: true },
    cqlsh: { next: 'p' },
    ldapsearch: { next: 'w', attached: 'w' },
    ldapmodify: { next: 'w', attached: 'w' },
    ldapadd: { next: 'w', attached: 'w' },
    ldapwhoami: { next: 'w', attached: 'w' },
    ldappasswd: { next: 'wsa', attached: 'w' },
    smbclient: { pair: 'U', words: true },
    lftp: { pair: 'u' },
    ftp: { words: true },
    mosquitto_pub: { next: 'P' },
    mosquitto_sub: { next: 'P' },
    snmpwalk: { next: 'cAX' },
    snmpget: { next: 'cAX' },
    ipmitool: { next: 'P' },
    openssl: { next: 'kK', words: true },
    gpg: { words: true },
    htpasswd: { words: true },
    mysqladmin: { attached: 'p', words: true },
    vault: { words: true },
    echo: { words: true },
    printf: { words: true },
    chpasswd: { words: true },
    aws: { words: true },
    npm: { words: true },
    rabbitmqctl: { words: true },
    rabbitmqadmin: { next: 'p' },
    influx: { next: 'pt' },
    'clickhouse-client': {},
    nats: { pair: '' },
    xfreerdp: { attached: 'p', words: true },
    rdesktop: { next: 'p' },
    ansible: {},
    wsl: {},
    net: { words: true },
    kinit: { words: true },
    swaks: { next: 'ap' },
    sendemail: { next: 'xp' },
    amqp: { next: 'p' },
    mc: { words: true },
    rclone: { words: true },
    restic: {},
    keytool: {},
    svn: {},
    hg: {},
    git: { words: true },
    psql: { next: 'W', words: false },
    sudo: {},
    passwd: { words: true },
    su: {},
  }),
);

/** How a program takes secrets; undefined if it does not, or is not known. */
export function takesOf(program: string): Takes | undefined {
  const known = PROGRAMS.get(program);
  if (known !== undefined) return known;
  if (program.startsWith('mysql') || program.startsWith('mariadb')) return PROGRAMS.get('mysql');
  return program.startsWith('mongo') ? PROGRAMS.get('mongo') : undefined;
}
