import type { Need } from './judge-key.ts';

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // then it is no model's name either way
  }
};

/** Whether a server is up is for everybody who checks it, and says nothing of what it serves. */
const isOpen = (method: string, path: string): boolean =>
  ['GET', 'HEAD'].includes(method) && /^\/(ping|health|v2\/health\/(live|ready))$/.test(path);

/**
 * What a request to the prediction endpoint needs; `open` where none is asked who they are. Every dialect names the model
 * after `/models/`. What is not known here needs `admin`, so that an address to come is closed until it is listed.
 */
export const needOf = (method: string, path: string): Need | 'open' => {
  if (isOpen(method, path)) return 'open';
  const [, name, rest = ''] = /^(?:\/v[12])?\/models\/([^/:]+)(.*)$/.exec(path) ?? [];
  const about = name === undefined ? {} : { model: decoded(name) };
  const isReading = method === 'GET' || method === 'HEAD';
  if (isReading && (name !== undefined || /^\/(v2|version|(v2\/)?models)?$/.test(path)))
    return { scope: 'predict', ...about };
  if (method !== 'POST') return { scope: 'admin', ...about };
  if (path === '/invocations') return { scope: 'predict' };
  if (/^(\/versions\/[^/:]+)?([/:]predict|\/infer|\/invocations)$/.test(rest))
    return { scope: 'predict', ...about };
  return { scope: rest === '/labels' ? 'label' : 'admin', ...about };
};
