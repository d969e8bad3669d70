/** Bundles the listening thread, which the package carries as text; `build.mjs` puts it there, and a test runs it from src. */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** What both bundles are made with. */
export const COMMON = {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  platform: 'node',
  transform: { target: 'es2023' },
  optimization: { inlineConst: false },
  experimental: { attachDebugInfo: 'none' },
  onLog(_level, { message }) {
    throw new Error(`Expected a bundle without warnings, got: ${message}`);
  },
};
/** As it was written: this switches off every part of the minifier, while `false` leaves annotations behind. */
export const READABLE = { compress: false, mangle: false, codegen: { removeWhitespace: false } };

/** The thread logs nothing itself: the main thread takes the credentials out of what it hands on, with the redactor it has anyway. */
const withoutRedactor = {
  name: 'without-redactor',
  load: (id) =>
    id.endsWith('/src/internal/redact/redact.ts') ? 'export const redact = (text) => text;' : undefined,
};

/**
 * The program of the listening thread with all that it imports: text for a `Worker`. Minified, unlike the rest: nobody sees a
 * stack of that thread, whose errors reach the log as messages, and its sources are in the package's other files.
 */
export async function threadProgram() {
  const bundler = await rolldown({
    ...COMMON,
    plugins: [withoutRedactor],
    input: 'src/thread/worker.ts',
    external: /^node:/,
  });
  const { output } = await bundler.generate({
    format: 'cjs',
    minify: true,
    comments: false,
    codeSplitting: false,
  });
  await bundler.close();
  return output[0].code;
}
