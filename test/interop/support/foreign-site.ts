import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of somebody else who knows the link: it frames the approval and hides its form behind a tempting button. */
const bait = (link: string): string => {
  const { origin, pathname, searchParams } = new URL(link);
  const fields = {
    ...Object.fromEntries(searchParams),
    by: 'Mallory',
    reason: 'why not',
    decision: 'approved',
  };
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  );
  return `<!doctype html><title>A prize</title><iframe src="${link.replaceAll('&', '&amp;')}"></iframe>
<form method="post" action="${origin}${pathname}">${inputs.join('')}<button>You have won</button></form>`;
};

/** Serves that page from another origin of this machine. */
export const foreignSite = async (link: string) => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(bait(link));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: (): Promise<void> => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
