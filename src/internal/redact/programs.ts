import { lazy } from '../lazy.ts';

/** How a program accepts a secret. */
export interface Takes {
  /** Options whose next word is a secret: `-a x`, `-P x`. */
  readonly next?: string;
  /** Options to which a secret is attached: `-px`. */
  readonly attached?: string;
  /** Options whose next word holds user and secret: `-u a:b`. */
  readonly pair?: string;
  /** Any word that looks random is a secret: `vault login x`. */
  readonly words?: boolean;
  /** Only words that look random count, because the option has other uses: `docker run -p 8080:80`. */
  readonly loose?: boolean;
}

const PROGRAMS: () => ReadonlyMap<string, Takes> = lazy(
  () =>
    new Map(
      Object.entries<Takes>({
        mysql: { attached: 'p' },
        mariadb: { attached: 'p' },
        mongo: { next: 'p', attached: 'p' },
        'ssh-keygen': { next: 'NP' },
        'redis-cli': { next: 'a' },
        'valkey-cli': { next: 'a' },
        'keydb-cli': { next: 'a' },
        'redis-benchmark': { next: 'a' },
        curl: { pair: 'uUb', next: 'E' },
        http: { pair: 'aA' },
        https: { pair: 'aA' },
        sshpass: { next: 'p', attached: 'p' },
        plink: { next: 'pw' },
        pscp: { next: 'pw' },
        docker: { next: 'p', loose: true },
        podman: { next: 'p', loose: true },
        helm: { next: 'p', loose: true },
        oc: { next: 'p', loose: true },
        cf: { next: 'p', loose: true },
        az: { next: 'p', loose: true },
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
        sqlplus: { words: true },
        cqlsh: { next: 'p' },
        'cypher-shell': { next: 'p' },
        beeline: { next: 'p' },
        useradd: { next: 'p' },
        usermod: { next: 'p' },
        wpa_passphrase: { words: true },
        doctl: { next: 't', loose: true },
        twine: { next: 'p' },
        gh: { words: true },
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
        influx: { next: 'pt', loose: true },
        xfreerdp: { attached: 'p', words: true },
        rdesktop: { next: 'p', loose: true },
        net: { words: true },
        kinit: { words: true },
        swaks: { next: 'ap', loose: true },
        sendemail: { next: 'xp', loose: true },
        amqp: { next: 'p', loose: true },
        mc: { words: true },
        rclone: { words: true },
        git: { words: true },
        psql: { next: 'W' },
        passwd: { words: true },
      }),
    ),
);

/** Families of programs with the same prefix and the same options: `mysqldump`, `mongosh`. */
const FAMILIES = 'mysql|mariadb|mongo';
const FAMILY: RegExp = new RegExp(`^(?:${FAMILIES})`);

/** How a program accepts secrets; undefined if it does not, or is unknown. */
export function takesOf(program: string): Takes | undefined {
  const programs = PROGRAMS();
  return programs.get(program) ?? programs.get(FAMILY.exec(program)?.[0] ?? '');
}

/** Finds the names of these programs in a text. The names are sorted so that the engine tests a common prefix once. */
export const programName: () => RegExp = lazy(() => {
  const names = [...PROGRAMS().keys()].sort().join('|');
  return new RegExp(`(?<![\\w.@-])(?:(?:${FAMILIES})[\\w-]{0,14}|${names})(?![\\w:=@.-])`, 'g');
});
