import { localStores } from '../support/index.ts';
import { recordStoreContract } from './record-store.ts';

recordStoreContract('SQLite', () => {
  const { records, remove } = localStores();
  return { store: records, remove };
});
