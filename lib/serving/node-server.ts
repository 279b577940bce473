import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { MillraceError } from '../wire/errors.ts';

export interface LocalServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no new requests and waits for those under way, for at most `graceMs`. @default 5000 */
  close(graceMs?: number): Promise<void>;
}

const urlOf = (host: string, port: number): string => {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
};

const portProblem = (error: NodeJS.ErrnoException, host: string, port: number): Error =>
  error.code === 'EADDRINUSE' || error.code === 'EACCES'
    ? new MillraceError('PORT_UNAVAILABLE', `port ${port} on ${host} cannot be opened (${error.code})`, {
        host,
        port,
      })
    : error;

/** Serves an app over HTTP on this machine. Port 0 takes a free one. Throws PORT_UNAVAILABLE. */
export const serveLocally = (options: {
  readonly app: Pick<Hono, 'fetch'>;
  readonly host: string;
  readonly port: number;
}): Promise<LocalServer> =>
  new Promise((resolve, reject) => {
    const { app, host, port } = options;
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({ url: urlOf(host, address.port), port: address.port, close }),
    );
    server.on('error', (error) => reject(portProblem(error, host, port)));

    const close = (graceMs = 5000): Promise<void> =>
      new Promise((done) => {
        const deadline = setTimeout(
          () => 'closeAllConnections' in server && server.closeAllConnections(),
          graceMs,
        );
        server.close(() => {
          clearTimeout(deadline);
          done();
        });
        // Connections kept alive without a request would hold the server open until the deadline.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      });
  });
