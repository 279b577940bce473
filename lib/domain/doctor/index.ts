export { type Adoption, adoptModel } from './adopt-model.ts';
export { type Examination, type ExamineOptions, examineModel } from './examine-model.ts';
export { type Finding, type FindingCode, hasErrors } from './finding.ts';
