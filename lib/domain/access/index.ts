export { ApiKey, type KeyState, keyStateOf, type Scope, scopes } from './api-key.ts';
export { type Need, requireCovers, requireGenuine } from './judge-key.ts';
export { hashSecret, type KeyText, readKeyText, writeKeyText } from './key-text.ts';
export { needOf } from './need-of.ts';
