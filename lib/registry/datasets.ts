import { byTime, DatasetVersion, keys, lists } from '../domain/registry/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody } from './records.ts';

export type NewDataset = Omit<DatasetVersion, 'createdAt'>;

/** Content-addressed datasets: the same content is the same record. */
export const datasetRegistry = (context: RegistryContext) => {
  const findDataset = async (model: string, datasetVersion: string): Promise<DatasetVersion | undefined> =>
    (await find(context.records, keys.dataset(model, datasetVersion), DatasetVersion))?.body;

  return {
    /** Keeps a dataset version once; recorded again it stays as it was first, and `isNew` is false. */
    recordDataset: async (
      dataset: NewDataset,
    ): Promise<{ readonly isNew: boolean; readonly dataset: DatasetVersion }> => {
      const { model, datasetVersion } = dataset;
      const record: DatasetVersion = { ...dataset, createdAt: nowOf(context) };
      try {
        await context.records.put({
          ...keys.dataset(model, datasetVersion),
          body: toBody(record),
          index: { partition: lists.datasets(model), sort: byTime(record.createdAt, datasetVersion) },
          condition: 'absent',
        });
        return { isNew: true, dataset: record };
      } catch (error) {
        const existing =
          isMillraceError(error, 'RECORD_CONFLICT') && (await findDataset(model, datasetVersion));
        if (!existing) throw error;
        return { isNew: false, dataset: existing };
      }
    },

    findDataset,

    /** Newest first. */
    listDatasets: (
      model: string,
      options: { readonly limit?: number } = {},
    ): Promise<readonly DatasetVersion[]> =>
      listAll(
        context.records,
        { partition: lists.datasets(model), useIndex: true, direction: 'descending', ...options },
        DatasetVersion,
      ),
  };
};
