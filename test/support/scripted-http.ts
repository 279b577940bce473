import { Readable } from 'node:stream';

/** One answer of a service, as it comes over the wire. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/**
 * An HTTP handler for a client of the AWS SDK that answers from a script, so that the SDK's own signing, parsing and
 * retrying run. The last answer is repeated. It keeps the requests, and reads their bodies to the end, as a service does.
 */
export const scriptedHttp = (...answers: readonly ScriptedAnswer[]) => {
  const requests: ScriptedRequest[] = [];
  const handle = async ({
    protocol,
    hostname,
    path,
    method,
    query,
    headers,
    body: sent,
  }: ScriptedRequest) => {
    const { status, body = '', headers: answered = {} } = answers[requests.length] ?? answers.at(-1) ?? none;
    const text = await textOf(sent);
    requests.push({ protocol, hostname, path, method, query, headers, body: text });
    const bytes = Buffer.from(body);
    const length = { 'content-length': `${bytes.length}` };
    return {
      response: { statusCode: status, headers: { ...length, ...answered }, body: Readable.from([bytes]) },
    };
  };
  const requestHandler = { metadata: { handlerProtocol: 'http/1.1' }, handle, destroy: () => undefined };
  return { requests, requestHandler };
};

/** Bodies are text, bytes or streams. */
const textOf = async (body: unknown): Promise<string> => {
  if (body instanceof Readable) return Buffer.concat(await body.toArray()).toString();
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : typeof body === 'string' ? body : '';
};

const none: ScriptedAnswer = { status: 500 };

interface ScriptedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly method: string;
  readonly query?: Record<string, unknown> | undefined;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}
