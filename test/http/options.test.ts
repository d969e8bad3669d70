import { expect, describe as suite, test } from 'vitest';
import { mount } from './mount.ts';

suite('options of the mount', () => {
  test.each([200, 201, 299, 400, 429, 500, 599])('degradedStatusCode %i is fine', (degradedStatusCode) => {
    expect(() => mount({ degradedStatusCode })).not.toThrow();
  });

  test.each([0, 100, 199, 204, 205, 300, 304, 399, 600, 200.5, Number.NaN])(
    'degradedStatusCode %d is a fault',
    (degradedStatusCode) => {
      expect(() => mount({ degradedStatusCode })).toThrow(
        'Invalid health endpoint options: Expected `degradedStatusCode`',
      );
    },
  );

  test.each([['x/health'], ['/a b'], ['/a#b'], [7 as never]])('path %j is a fault', (path) => {
    expect(() => mount({ path })).toThrow('Expected `path`');
  });

  test('options that do not exist', () => {
    expect(() => mount(7 as never)).toThrow(
      'Invalid health endpoint options: Expected `options` to be an object',
    );
    expect(() => mount({ details: 7 as never })).toThrow("Expected `details` to be one of 'never', 'always'");
  });
});
