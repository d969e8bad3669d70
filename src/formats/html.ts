import type { Format } from './format.ts';

type Page = typeof import('./page/page.ts');

/** Its code is loaded when somebody opens the first page: most processes never send one. */
let page: Page | undefined;

async function load(): Promise<void> {
  page = await import('./page/page.ts');
}

function loaded(): Page {
  if (page === undefined) throw new Error('Expected load() to have resolved before the page is rendered');
  return page;
}

/** The page for people, which `page/page.ts` renders. */
export const html: Format = {
  name: 'html',
  mediaType: 'text/html',
  contentType: 'text/html; charset=utf-8',
  isPage: true,
  load: () => (page === undefined ? load() : undefined),
  get headers() {
    return loaded().headers();
  },
  render: (report, context) => loaded().render(report, context),
};
