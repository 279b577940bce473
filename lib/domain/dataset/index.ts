export {
  type Column,
  type ColumnKind,
  type ColumnTable,
  missingDatetime,
  type Target,
} from './column-table.ts';
