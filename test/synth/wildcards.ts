/** Every wildcard in any policy of a stage, the actions it serves, and why it has to be one. A new one fails a test. */
export interface Wildcard {
  readonly resource: string;
  readonly actions: readonly string[];
  readonly because: string;
}

const read = ['s3:GetObject'];
const write = ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'];
const look = ['states:DescribeExecution', 'states:GetExecutionHistory'];

const ourObjects: readonly Wildcard[] = (
  [
    ['ObjectsData/incoming/*', read],
    ['ObjectsData/incoming/*/from-labels/*', write],
    ['ObjectsData/labels/*', read],
    ['ObjectsData/labels/*/posted/*', write],
    ['ObjectsData/sources/*', write],
    ['ObjectsData/datasets/*', write],
    ['ObjectsData/quarantine/*', write],
    ['ObjectsArtifacts/runs/*', write],
    ['ObjectsArtifacts/models/*', write],
    ['ObjectsArtifacts/golden/*', write],
    ['ObjectsArtifacts/windows/*', write],
    ['ObjectsCaptures/captured/*', write],
    ['ObjectsCaptures/labelled/*', write],
    ['ObjectsCaptures/capture-errors/*', ['s3:AbortMultipartUpload', 's3:PutObject']],
  ] as const
).map(([resource, actions]) => ({
  resource,
  actions,
  because: 'objects under one prefix; their names hold model, run and content, known only at run time',
}));

const theServiceKnowsNoResource: readonly Wildcard[] = [
  {
    resource: '*',
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
    because: 'CloudWatch reads alarms and metrics by name and knows no resource for it',
  },
  {
    resource: '*',
    actions: ['cloudwatch:PutMetricData'],
    because: "a training job's own metrics; the condition names the one namespace",
  },
  {
    resource: '*',
    actions: ['ecr:GetAuthorizationToken'],
    because: 'a token is for a registry, not an image',
  },
  {
    resource: '*',
    actions: [
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    because: 'X-Ray knows no resources',
  },
  {
    resource: '*',
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
    ],
    because: 'log deliveries, which Step Functions sets up for each machine, know no resources',
  },
];

const namesOfRunTime: readonly Wildcard[] = [
  {
    resource: 'states:::execution:millrace-dev-collect-batch:*',
    actions: look,
    because: 'executions of one machine, named when they start',
  },
  {
    resource: 'states:::execution:millrace-dev-train-and-promote:*',
    actions: look,
    because: 'executions of one machine, named when they start',
  },
  {
    resource: 'states:::execution:millrace-dev-roll-out:*',
    actions: ['states:DescribeExecution', 'states:StopExecution'],
    because: 'the nested roll-out, named by Step Functions',
  },
  {
    resource: 'cloudwatch:::alarm:millrace-dev-*',
    actions: [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:SetAlarmState',
      'cloudwatch:TagResource',
    ],
    because: 'alarms of this stage: a model and its lanes come without a deployment',
  },
  {
    resource: 'sagemaker:::training-job/millrace-dev-*',
    actions: [
      'sagemaker:AddTags',
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:ListTags',
      'sagemaker:StopTrainingJob',
    ],
    because: 'training jobs of this stage, named after their run',
  },
  {
    resource: 'logs:::log-group:/aws/sagemaker/TrainingJobs:*',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    because: 'SageMaker writes every job of the account to this one group, a stream each',
  },
];

const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

const images: readonly Wildcard[] = [
  {
    resource: 'ecr::*:repository/sagemaker-xgboost',
    actions: pull,
    because: 'AWS keeps its XGBoost image in an account of its own in each region',
  },
  {
    resource: 'ecr:::repository/*',
    actions: pull,
    because: 'model.json may name any image of this account; training jobs only read it',
  },
];

export const wildcards: readonly Wildcard[] = [
  ...ourObjects,
  ...theServiceKnowsNoResource,
  ...namesOfRunTime,
  ...images,
];
