import { middleware } from '../../src/adapters/middleware.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import { virtualHealth } from '../helpers/health.ts';

/** Health with one check, as middleware. */
export function mount(options?: HttpOptions) {
  const { health, logger } = virtualHealth();
  health.register('fine', () => undefined);
  return { health, logger, listener: middleware(health, options) };
}
