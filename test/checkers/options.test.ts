import { expect, describe as suite, test, vi } from 'vitest';
import { heap } from '../../src/checkers/heap.ts';
import { postgres } from '../../src/checkers/postgres/postgres.ts';
import { virtualHealth } from '../helpers/health.ts';

suite('options of checkers', () => {
  test('that are wrong name the checker and the option', () => {
    expect(() => heap({ errorRatio: '1' as never })).toThrow(
      "Invalid heap() options: Expected `errorRatio` to be a number over 0 and up to 1, got `'1'` (string)",
    );
    expect(() => postgres(undefined as never, 7 as never)).toThrow(
      /^Invalid postgres\(\) options:\n {2}- Expected `pool`.*\n {2}- Expected `options` to be an object/,
    );
    expect(() => heap({ warnRatio: 1, errorRatio: 1 })).not.toThrow();
    expect(() => heap({ warnBytes: 5, errorBytes: 5 })).not.toThrow();
  });

  test('a threshold out of reach is a process warning with a code', () => {
    const emit = vi.spyOn(process, 'emitWarning').mockReturnValue();
    heap({ errorBytes: Number.MAX_SAFE_INTEGER });
    expect(emit).toHaveBeenCalledWith(expect.stringMatching(/^heap\(\{ errorBytes: /), {
      type: 'AllswellWarning',
      code: 'ALLSWELL_HEAP_THRESHOLD',
    });
    emit.mockRestore();
  });

  test('a heap that is too full is measured in bytes', async () => {
    const { health } = virtualHealth();
    health.register('memory', heap({ warnBytes: 1 })).register('error', heap({ errorBytes: 1 }));
    const { checks } = await health.report();
    expect(checks.memory).toMatchObject({ status: 'warning', unit: 'bytes' });
    expect(checks.error).toMatchObject({ status: 'error', unit: 'bytes' });
  });
});
