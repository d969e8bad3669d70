import { expect, describe as suite, test } from 'vitest';
import { maskCommands } from '../../../src/internal/redact/commands.ts';
import { maskedBy } from './masked-by.ts';

const F = 'k3Xq9ZmB2v';
const commands = maskedBy(maskCommands);

suite('command lines', () => {
  test.each<[string, string]>([
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
