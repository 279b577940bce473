export { Approval, ApprovalDecision, listOf, TaskTokenRecord } from './approval.ts';
export { decide } from './decide.ts';
export { type ApprovalLink, signApprovalLink, verifyApprovalLink } from './link.ts';
