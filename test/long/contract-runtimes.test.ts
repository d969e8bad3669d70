import { describe, expect, test } from 'vitest';
import { RemoteContract } from '../helpers/remote-contract.ts';
import { otherRuntimes } from '../helpers/runtimes.ts';
import { SERVERS } from '../helpers/worlds.ts';
import { contract } from '../http/contract.ts';
import { wireContract } from '../http/wire-contract.ts';

// Asked from here, over real sockets. On other versions of Node the fast suites run, and the contract with them.
describe.each(otherRuntimes().filter(({ name }) => !name.startsWith('Node')))('$name', ({ name, find }) => {
  const remote = new RemoteContract(find());

  test('is what answers', async () => expect(await remote.runtime()).toContain(`${name}.`));

  describe.each(SERVERS)('the contract on $name', (server) => contract(remote.place(server)));

  describe.each(SERVERS.filter(({ protocol }) => protocol === 'http'))('byte for byte on $name', (server) =>
    wireContract((scene) => remote.mount(server, scene)),
  );
});
