export { alarmSpanHours, laneRuleOf, watchedLanes } from './alarms-of-model.ts';
export { judgeLane, type LaneRule, type LaneState } from './judge-lane.ts';
