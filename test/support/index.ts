export { countingIds } from './counting-ids.ts';
export { defaultStartMs, type FixedClock, fixedClock, manualClock } from './fixed-clock.ts';
export { type LocalStores, localStores } from './local-stores.ts';
export { type TarEntry, tarGz } from './tar-gz.ts';
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';
