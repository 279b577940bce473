import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { Ministack } from '../support/ministack.ts';

export interface Door {
  /** `http://127.0.0.1:<port>`: the same paths as the endpoint's. */
  readonly url: string;
  close(): void;
}

/**
 * A bridge: `<id>.execute-api.localhost` is a name no resolver knows, so requests are taken here and handed on
 * unchanged, under the name MiniStack finds the HTTP API by.
 */
export const openDoor = async (ministack: Ministack, endpointUrl: string): Promise<Door> => {
  const { host } = new URL(endpointUrl);
  const ca = readFileSync(ministack.certificateFile);
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    const to = {
      host: '127.0.0.1',
      port: ministack.port,
      path: url,
      method,
      ca,
      headers: { ...headers, host },
    };
    const outgoing = request(to, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', (error) => answer.writeHead(502).end(String(error)));
    incoming.pipe(outgoing);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the door has no port');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${address.port}`, close };
};
