export { alarmSpanHours, laneRuleOf, type WatchedLane, watchedLanes } from './alarms-of-model.ts';
export { judgeLane, type LaneRule, type LaneState } from './judge-lane.ts';
