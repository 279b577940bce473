import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { nameOf, tagsOf } from '../wire/names.ts';
import type { Settings } from '../wire/settings.ts';

export interface MonthlyBudgetProps {
  readonly settings: Settings;
  readonly limitUsd: number;
}

/**
 * Mails when the stage has spent four fifths of its month, or is on its way past the whole. It counts what carries the
 * stage's tag, once `millrace:stage` is activated as a cost allocation tag in the account's billing settings.
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { settings, limitUsd }: MonthlyBudgetProps) {
    super(scope, id);
    const subscribers = settings.notificationEmails.map((address) => ({
      address,
      subscriptionType: 'EMAIL',
    }));
    const notice = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        comparisonOperator: 'GREATER_THAN',
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetName: nameOf(settings.stage, 'monthly'),
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: limitUsd, unit: 'USD' },
        costFilters: {
          TagKeyValue: Object.entries(tagsOf(settings.stage)).map(([key, value]) => `user:${key}$${value}`),
        },
      },
      notificationsWithSubscribers: [notice('ACTUAL', 80), notice('FORECASTED', 100)],
    });
  }
}
