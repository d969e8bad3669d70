import { expect, describe as suite, test } from 'vitest';
import { maskCommands } from '../../../src/internal/redact/commands.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const G = 'W7tn4YpLs0';
const commands = maskedBy(maskCommands);

suite('command lines', () => {
  test.each<[string, string]>([
    ['mysql -p$PASS', 'mysql -p$PASS'],
    ['curl -K secrets.txt', 'curl -K secrets.txt'],
    [`sh -c echo ${F} | tool`, 'sh -c echo *** | tool'],
    ['npm ERR! sha512-9fXk0m1Qw3Zb7n2V5t8YcA==', 'npm ERR! sha512-9fXk0m1Qw3Zb7n2V5t8YcA=='],
    ...'mysql mysqldump mysqladmin mariadb mariadb-dump 7z 7za rar unrar xfreerdp'
      .split(' ')
      .map((program): [string, string] => [`${program} -pabc x`, `${program} -p*** x`]),
    ...'sqlcmd bcp isql tsql zip unzip'.split(' ').flatMap((program): [string, string][] => [
      [`${program} -Pabc x`, `${program} -P*** x`],
      [`${program} -P abc x`, `${program} -P *** x`],
    ]),
    ...'ldapsearch ldapmodify ldapadd ldapwhoami ldappasswd'
      .split(' ')
      .flatMap((program): [string, string][] => [
        [`${program} -wabc x`, `${program} -w*** x`],
        [`${program} -w abc x`, `${program} -w *** x`],
      ]),
    ...'redis-cli valkey-cli keydb-cli redis-benchmark'
      .split(' ')
      .map((program): [string, string] => [`${program} -a abc x`, `${program} -a *** x`]),
    ...'mongo mongosh sshpass cqlsh rabbitmqadmin'
      .split(' ')
      .map((program): [string, string] => [`${program} -p abc x`, `${program} -p *** x`]),
    ...'mosquitto_pub mosquitto_sub ipmitool'
      .split(' ')
      .map((program): [string, string] => [`${program} -P abc x`, `${program} -P *** x`]),
    ...'docker podman helm oc cf az influx amqp swaks sendemail rdesktop'
      .split(' ')
      .map((program): [string, string] => [`${program} -p ${F} x`, `${program} -p *** x`]),
    ...'snmpwalk snmpget'
      .split(' ')
      .map((program): [string, string] => [`${program} -c abc h`, `${program} -c *** h`]),
    ...'plink pscp'
      .split(' ')
      .map((program): [string, string] => [`${program} -pw abc h`, `${program} -pw *** h`]),
    ...'curl lftp'
      .split(' ')
      .map((program): [string, string] => [`${program} -u a:b x`, `${program} -u a:*** x`]),
    ...'http https'
      .split(' ')
      .map((program): [string, string] => [`${program} -a a:b x`, `${program} -a a:*** x`]),
    ...'isql sqlplus smbclient ftp openssl gpg htpasswd mysqladmin vault echo printf chpasswd aws npm rabbitmqctl xfreerdp net kinit mc rclone git passwd'
      .split(' ')
      .map((program): [string, string] => [`${program} x ${F}`, `${program} x ***`]),
    ['psql -W abc', 'psql -W ***'],
    ['ssh-keygen -N abc', 'ssh-keygen -N ***'],
    ['smbclient -U app%abc', 'smbclient -U app%***'],
    ['curl --user a:b x', 'curl --user a:*** x'],
    ['curl --user=a:b x', 'curl --user=a:*** x'],
    ['curl -ua:b x', 'curl -ua:*** x'],
    ['curl -b sid=x y', 'curl -b sid=*** y'],
    [`curl -u ${F} x`, 'curl -u *** x'],
    ['curl -u a x', 'curl -u a x'],
    ["mysql -p'a b' x", "mysql -p'***' x"],
    ["[ 'redis-cli', '-a', 'abc' ]", "[ 'redis-cli', '-a', '***' ]"],
    ["redis-cli [ '-a', 'abc' ]", "redis-cli [ '-a', '***' ]"],
    ['redis-cli -a $PASS', 'redis-cli -a $PASS'],
    ['redis-cli -a -h x', 'redis-cli -a -h x'],
    ['redis-cli -h x\n-a abc', 'redis-cli -h x\n-a abc'],
    ['redis-cli -h x | grep -a abc', 'redis-cli -h x | grep -a abc'],
    ['redis-cli -h x; redis-cli -a abc', 'redis-cli -h x; redis-cli -a ***'],
    ['docker run -p 8080:80 x', 'docker run -p 8080:80 x'],
    ['git fetch origin main', 'git fetch origin main'],
    [`the net ${F}`, `the net ${F}`],
    [`Command failed: net use ${F}`, 'Command failed: net use ***'],
    [`echo ./${F}`, `echo ./${F}`],
    [`echo https://x/${F}`, `echo https://x/${F}`],
    [`my-curl -u a:b`, `my-curl -u a:b`],
  ])('%s', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });
});

suite('names of programs that are also common words', () => {
  test.each<[string, string]>([
    [`vault ${F}`, 'vault ***'],
    [`x failed: vault ${F}`, 'x failed: vault ***'],
    [`command vault ${F}`, 'command vault ***'],
    [`exec vault ${F}`, 'exec vault ***'],
    [`run vault ${F}`, 'run vault ***'],
    [`spawn vault ${F}`, 'spawn vault ***'],
    [`$ vault ${F}`, '$ vault ***'],
    [`| vault ${F}`, '| vault ***'],
    [`;vault ${F}`, ';vault ***'],
    [`& vault ${F}`, '& vault ***'],
    [`"vault ${F}"`, '"vault ***"'],
    [`/vault ${F}`, '/vault ***'],
    [`/ vault ${F}`, '/ vault ***'],
    [`(vault ${F})`, '(vault ***)'],
    [`( vault ${F}`, '( vault ***'],
    [`running vault ${F}`, 'running vault ***'],
    [`the vault -x ${F}`, 'the vault -x ***'],
    [`the openssl ${F}`, 'the openssl ***'],
  ])('%j', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });

  test.each([
    `the vault ${F}`,
    `the vault x -y ${F}`,
    `the xhttp ${F}`,
    `the http2 ${F}`,
    `gh2 ${F}`,
    `xgh ${F}`,
    `a-vault ${F}`,
    `a@vault ${F}`,
    `vault: ${F}`,
    `vault=1 ${F}`,
  ])('%j stays', (text) => {
    expect(commands(text)).toBe(text);
  });
});

suite('words of a command line', () => {
  test.each<[string, string]>([
    ['redis-cli                 -a abc', 'redis-cli                 -a ***'],
    ['redis-cli               -a abc', 'redis-cli               -a ***'],
    ['redis-cli                -a abc', 'redis-cli                -a ***'],
    [`vault[${F}`, 'vault[***'],
    [
      `vault x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x ${F}`,
      'vault x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x ***',
    ],
    [`vault x vault ${F}`, 'vault x vault ***'],
    ['mysql x redis-cli -a abc', 'mysql x redis-cli -a ***'],
    ['mysql x vault -pabc', 'mysql x vault -p***'],
    ["mysql '-pabc' x", "mysql '-p***' x"],
    ["redis-cli' -a abc", "redis-cli' -a ***"],
    [`vault "a ${F}" ${G}`, 'vault "***" ***'],
    [`vault a-${F}-`, 'vault ***'],
  ])('%j', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });

  test.each([
    'redis-cli,-a,abc',
    'vault login ]',
    `vault x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x ${F}`,
    `vault x; y ${F}`,
    `vault x & y ${F}`,
    `vault x\n${F}`,
  ])('%j stays', (text) => {
    expect(commands(text)).toBe(text);
  });
});

suite('what follows an option', () => {
  test.each<[string, string]>([
    [`docker login -p ${F}`, 'docker login -p ***'],
    [`smbclient -U ${F}:`, 'smbclient -U ***'],
    [`curl -u ${F}`, 'curl -u ***'],
    ['curl -u app,x y', 'curl -u app,*** y'],
    ['curl -u a=b y', 'curl -u a=*** y'],
    ['curl -u a%b y', 'curl -u a%*** y'],
    ['curl --user a:b', 'curl --user a:***'],
    ['curl --proxy-user a:b', 'curl --proxy-user a:***'],
    ['curl --auth a:b', 'curl --auth a:***'],
    ['curl --creds a:b', 'curl --creds a:***'],
    ['curl --src-creds a:b', 'curl --src-creds a:***'],
    ['curl --dest-creds a:b', 'curl --dest-creds a:***'],
    ['curl --cookie a=b', 'curl --cookie a=***'],
    ['curl --basic-auth a:b', 'curl --basic-auth a:***'],
    ['curl --user=a:b', 'curl --user=a:***'],
    ['curl --proxy-user=:b', 'curl --proxy-user=:***'],
    ['curl --auth=a:b', 'curl --auth=a:***'],
    ['curl --creds=a:b', 'curl --creds=a:***'],
    ['curl --cookie=abc=d', 'curl --cookie=abc=***'],
    ['plink -pw abc h', 'plink -pw *** h'],
    ['plink -pwabc h', 'plink -pwabc ***'],
    ['curl -uapp:b', 'curl -uapp:***'],
    ['curl -u=app:b', 'curl -u=***'],
    ['curl -b"sid=x" y', 'curl -b"sid=***" y'],
    ['openssl -kq9ZmB2v', 'openssl -k***'],
    ['openssl -k=q9ZmB2v', 'openssl -k=***'],
    [`az -p${F}`, 'az -p***'],
    ['mysql -p=abc', 'mysql -p=***'],
    ['mysql -p"a b" x', 'mysql -p"***" x'],
    ["zip -P'abc' x", "zip -P'***' x"],
    ['mysql -ppabc', 'mysql -p***'],
    ['ldapsearch -wabc -w abc', 'ldapsearch -w*** -w ***'],
    ['curl -E cert:abc', 'curl -E ***'],
    ['ssh-keygen -P abc', 'ssh-keygen -P ***'],
    ['ldappasswd -s abc -a abc', 'ldappasswd -s *** -a ***'],
    ['snmpwalk -A abc -X abc', 'snmpwalk -A *** -X ***'],
    [`swaks -ap ${F}`, 'swaks -ap ***'],
    [`sendemail -xp ${F}`, 'sendemail -xp ***'],
    [`sendemail -x ${F}`, 'sendemail -x ***'],
    ['beeline -p abc', 'beeline -p ***'],
    ['cypher-shell -p abc', 'cypher-shell -p ***'],
    ['useradd -p abc x', 'useradd -p *** x'],
    ['usermod -p abc x', 'usermod -p *** x'],
    ['twine -p abc', 'twine -p ***'],
    [`doctl -t ${F}`, 'doctl -t ***'],
    [`influx -t ${F}`, 'influx -t ***'],
    [`wpa_passphrase ssid ${F}`, 'wpa_passphrase ssid ***'],
    ['mongodump -p abc', 'mongodump -p ***'],
    ['mariadb-admin -pabc', 'mariadb-admin -p***'],
    ['mysqlpump -pabc', 'mysqlpump -p***'],
  ])('%j', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });

  test.each([
    'redis-cli -a *** x',
    'docker login -p word',
    'smbclient -U app%',
    'curl x--user a:b',
    'curl --users a:b',
    'curl x--user=a:b',
    'curl --user=ab',
    'pscp -x abc h',
    'curl -Uab',
    'openssl -kword',
    `openssl -x${F}`,
    'az -pword',
    'mysql -p',
    'mysql -xy abc',
    'ssh-keygen -x abc',
    'doctl -t word',
    'influx -t word',
    'podman -p word',
    'helm -p word',
    'oc -p word',
    'cf -p word',
    'rdesktop -p word',
    'swaks -p word',
    'sendemail -p word',
    'amqp -p word',
  ])('%j stays', (text) => {
    expect(commands(text)).toBe(text);
  });
});

suite('random words of programs whose words may be secrets', () => {
  test.each<[string, string]>([
    [`echo a@${F}:x`, 'echo ***'],
    [`echo a+b@${F}`, 'echo ***'],
    [`echo x:${F}`, 'echo ***'],
    [`echo x ${F} y ${G}`, 'echo x *** y ***'],
  ])('%j', (text, expected) => {
    expect(commands(text)).toBe(expected);
  });

  test.each([
    `echo ./${F}`,
    `echo ~${F}`,
    `echo /${F}`,
    `echo .${F}`,
    `echo https://x/${F}`,
    `echo app@${F}`,
    `echo ${F}@app`,
    `curl x ${F}`,
  ])('%j stays', (text) => {
    expect(commands(text)).toBe(text);
  });
});
