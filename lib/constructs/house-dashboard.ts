import { Dashboard, GraphWidget, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { laneMetrics, metricNamespace, stackMetrics } from '../wire/metrics.ts';
import { nameOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { FrontDoor } from './front-door.ts';

export interface HouseDashboardProps {
  readonly settings: Settings;
  readonly frontDoor: FrontDoor;
  readonly deadLetters: DeadLetters;
}

/** The stage at a glance: $3 a month beyond the first three of an account, so only where the settings ask for it. */
export class HouseDashboard extends Construct {
  constructor(scope: Construct, id: string, { settings, frontDoor, deadLetters }: HouseDashboardProps) {
    super(scope, id);
    const { stage } = settings;
    const counted = (metricName: string) =>
      new Metric({ namespace: metricNamespace, metricName, dimensionsMap: { stage }, statistic: 'Sum' });
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName: nameOf(stage, 'overview') });
    dashboard.addWidgets(
      new GraphWidget({ title: 'Endpoint', left: [frontDoor.errors], right: [frontDoor.latency], width: 12 }),
      new GraphWidget({
        title: 'Lanes of every model (1 is the limit)',
        left: this.#lanes(stage),
        width: 12,
      }),
      new GraphWidget({
        title: 'What needs a person',
        left: [
          counted(stackMetrics.failedExecutions),
          counted(stackMetrics.stuckApprovals),
          deadLetters.queue.metricApproximateNumberOfMessagesVisible(),
        ],
        width: 24,
      }),
    );
  }

  /** Searches, so that a model added later is on the dashboard without a deployment: each finds one set of dimensions. */
  #lanes(stage: string): MathExpression[] {
    return ['lane,model,stage,version', 'lane,model,stage'].map((dimensions) => {
      const series = `{${metricNamespace},${dimensions}} MetricName="${laneMetrics.score}" stage="${stage}"`;
      return new MathExpression({
        expression: `SEARCH('${series}', 'Maximum')`,
        usingMetrics: {},
        label: '',
      });
    });
  }
}
