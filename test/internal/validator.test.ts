import { expect, describe as suite, test } from 'vitest';
import { ConfigError } from '../../src/internal/config-error.ts';
import { hasMethods, Validator } from '../../src/internal/validator.ts';
import { issuesOf } from '../helpers/health.ts';

/** The issues that a validator has collected. */
const issues = (validate: (validator: Validator) => void) => {
  const validator = new Validator();
  validate(validator);
  return issuesOf(() => validator.throwIfAny('Invalid x() options'));
};

suite('options that are not given', () => {
  test('are never an issue', () => {
    const given = issues((validator) => {
      validator.milliseconds('a', undefined, 1);
      validator.wholeNumber('a', undefined, 1, 2);
      validator.ratio('a', undefined);
      validator.notBoth('a', undefined, 'b', 1);
      validator.notBoth('a', 1, 'b', undefined);
      validator.ordered('a', undefined, 'b', 1);
      validator.ordered('a', 1, 'b', undefined);
      validator.oneOf('a', undefined, ['x']);
      validator.nonEmptyString('a', undefined);
      validator.boolean('a', undefined);
      validator.function('a', undefined);
      validator.methods('a', undefined, ['x']);
      expect(validator.options('options', undefined, [])).toEqual({});
    });
    expect(given).toEqual([]);
  });
});

suite('options that are right', () => {
  test('are no issue, up to their limits', () => {
    const given = issues((validator) => {
      validator.milliseconds('a', 0, 0);
      validator.milliseconds('a', 1, 1);
      validator.milliseconds('a', 2_147_483_647, 1);
      validator.wholeNumber('a', 1, 1, 3);
      validator.wholeNumber('a', 3, 1, 3);
      validator.ratio('a', 1);
      validator.ratio('a', 0.001);
      validator.ordered('a', 2, 'b', 2);
      validator.ordered('a', 'high', 'b', 2);
      validator.ordered('a', 3, 'b', 'low');
      validator.ordered('a', '3', 'b', 2);
      validator.ordered('a', 3, 'b', '2');
      validator.oneOf('a', 'x', ['x', 'y']);
      validator.nonEmptyString('a', 'x');
      validator.boolean('a', false);
      validator.function('a', () => undefined);
      validator.methods('a', { x() {}, y() {} }, ['x', 'y']);
    });
    expect(given).toEqual([]);
  });
});

suite('an option that is wrong', () => {
  test.each<[string, (validator: Validator) => void, string]>([
    [
      'too short a time',
      (v) => v.milliseconds('a', 0, 1),
      'Expected `a` to be a whole number of milliseconds from 1 to 2147483647, got `0` (number)',
    ],
    [
      'too long a time',
      (v) => v.milliseconds('a', 2 ** 31, 0),
      'Expected `a` to be a whole number of milliseconds from 0 to 2147483647, got `2147483648` (number)',
    ],
    [
      'a fraction',
      (v) => v.wholeNumber('a', 1.5, 1, 3),
      'Expected `a` to be a whole number from 1 to 3, got `1.5` (number)',
    ],
    [
      'too high a number',
      (v) => v.wholeNumber('a', 4, 1, 3),
      'Expected `a` to be a whole number from 1 to 3, got `4` (number)',
    ],
    ['no ratio', (v) => v.ratio('a', 0), 'Expected `a` to be a number over 0 and up to 1, got `0` (number)'],
    [
      'a ratio that is too high',
      (v) => v.ratio('a', 1.01),
      'Expected `a` to be a number over 0 and up to 1, got `1.01` (number)',
    ],
    [
      'a ratio in words',
      (v) => v.ratio('a', '1'),
      "Expected `a` to be a number over 0 and up to 1, got `'1'` (string)",
    ],
    ['one too many', (v) => v.notBoth('a', 0, 'b', ''), 'Give `a` or `b`, not both'],
    [
      'the wrong order',
      (v) => v.ordered('a', 2, 'b', 1),
      'Expected `a` to be at most `b`, got `2` (number) over `1` (number)',
    ],
    [
      'another word',
      (v) => v.oneOf('a', 'z', ['x', 'y']),
      "Expected `a` to be one of 'x', 'y', got `'z'` (string)",
    ],
    [
      'an empty string',
      (v) => v.nonEmptyString('a', ''),
      "Expected `a` to be a non-empty string, got `''` (string)",
    ],
    ['no string', (v) => v.nonEmptyString('a', 7), 'Expected `a` to be a non-empty string, got `7` (number)'],
    ['no boolean', (v) => v.boolean('a', 'yes'), "Expected `a` to be true or false, got `'yes'` (string)"],
    ['no function', (v) => v.function('a', {}), 'Expected `a` to be a function, got an empty object'],
    ['no hook', (v) => v.function('a', {}, 'a hook'), 'Expected `a` to be a hook, got an empty object'],
    [
      'half a logger',
      (v) => v.methods('a', { x() {} }, ['x', 'y']),
      'Expected `a` to be an object with the methods `x`, `y`, got an object with `x`',
    ],
    [
      'a list of options',
      (v) => void v.options('options', [] as object, []),
      'Expected `options` to be an object, got an array of 0',
    ],
    [
      'no options',
      (v) => void v.options('options', null as never, []),
      'Expected `options` to be an object, got `null`',
    ],
    [
      'a misspelt option',
      (v) => void v.options('options', { c: 1 } as { a?: 1; b?: 1 }, ['a', 'b']),
      'Unknown option `c`; the options are `a`, `b`',
    ],
  ])('is described: %s', (_, validate, issue) => {
    expect(issues(validate)).toEqual([issue]);
  });

  test('is reported with all others in one error, and nothing is thrown without one', () => {
    const validator = new Validator();
    validator.throwIfAny('Invalid x() options');
    validator.add('one');
    validator.add('two');
    expect(() => validator.throwIfAny('Invalid x() options')).toThrow(
      new ConfigError('Invalid x() options', ['one', 'two']),
    );
  });
});

suite('the options of an object', () => {
  test('are its own, without those that are undefined, and no others even if a prototype is polluted', () => {
    const given = Object.assign(Object.create({ b: 2 }), { a: 1, c: undefined }) as { a?: 1; b?: 2; c?: 3 };
    const own = new Validator().options('options', given, ['a', 'b', 'c']);
    expect(own).toEqual({ a: 1 });
    expect('c' in own).toBe(false);
    expect(Object.getPrototypeOf(own)).toBeNull();
  });

  test('are read once, and a getter that throws is an issue', () => {
    let reads = 0;
    const given = {
      get a() {
        reads++;
        return 1;
      },
      get b(): number {
        throw new Error('not yet');
      },
    };
    const found = issues((validator) => {
      expect(validator.options('options', given, ['a', 'b'])).toEqual({ a: 1 });
    });
    expect(reads).toBe(1);
    expect(found).toEqual(['Expected `b` to be readable, but reading it failed: not yet']);
    const vague = Object.defineProperty({}, 'a', {
      enumerable: true,
      get() {
        throw 7;
      },
    }) as { a?: number };
    expect(issues((validator) => void validator.options('options', vague, ['a']))).toEqual([
      'Expected `a` to be readable, but reading it failed: its getter threw `7` (number)',
    ]);
  });

  test('cannot be read from a revoked proxy', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(issues((validator) => void validator.options('options', proxy, []))).toEqual([
      'Expected `options` to be an object, got an object that cannot be read',
    ]);
  });
});

suite('issues of another call', () => {
  test('are adopted, and any other error goes on', () => {
    const validator = new Validator();
    expect(validator.adopt(() => 7)).toBe(7);
    validator.throwIfAny('Invalid x() options');
    const refuse = () => {
      throw new ConfigError('Invalid y() options', ['one', 'two']);
    };
    expect(validator.adopt(refuse)).toBeUndefined();
    expect(issuesOf(() => validator.throwIfAny('Invalid x() options'))).toEqual(['one', 'two']);
    expect(() =>
      validator.adopt(() => {
        throw new TypeError('a defect');
      }),
    ).toThrow('a defect');
  });
});

test('methods may belong to a function, and must all exist', () => {
  expect(hasMethods({ x() {} }, ['x'])).toBe(true);
  expect(
    hasMethods(
      Object.assign(() => undefined, { x() {} }),
      ['x'],
    ),
  ).toBe(true);
  for (const value of [undefined, null, 'x', 7, {}, { x: 1 }]) expect(hasMethods(value, ['x'])).toBe(false);
});
