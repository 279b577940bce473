import { MillraceError } from '../../wire/errors.ts';

/** Pinned: its XGBoost is 3.0.5, which the interoperability tests run. */
export const xgboostImageVersion = '3.0-5';

/**
 * The accounts AWS serves the image from, by region (November 2026):
 * https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
 */
export const xgboostImageAccounts = {
  'us-east-1': '683313688378',
  'us-east-2': '257758044811',
  'us-west-1': '746614075791',
  'us-west-2': '246618743249',
  'eu-west-1': '141502667606',
  'eu-west-2': '764974769150',
  'eu-west-3': '659782779980',
  'eu-central-1': '492215442770',
  'eu-north-1': '662702820516',
  'ap-northeast-1': '354813040037',
  'ap-northeast-2': '366743142698',
  'ap-south-1': '720646828776',
  'ap-southeast-1': '121021644041',
  'ap-southeast-2': '783357654285',
  'ca-central-1': '341280168497',
  'sa-east-1': '737474898029',
} as const satisfies Record<string, string>;

const isKnown = (region: string): region is keyof typeof xgboostImageAccounts =>
  Object.hasOwn(xgboostImageAccounts, region);

/** The image of SageMaker's built-in XGBoost. Throws TRAINING_REGION_UNKNOWN. */
export const xgboostImageIn = (region: string): string => {
  if (!isKnown(region))
    throw new MillraceError(
      'TRAINING_REGION_UNKNOWN',
      `the image of SageMaker's XGBoost for ${region} is not known, expected one of ${Object.keys(xgboostImageAccounts).join(', ')}`,
      { region },
    );
  return `${xgboostImageAccounts[region]}.dkr.ecr.${region}.amazonaws.com/sagemaker-xgboost:${xgboostImageVersion}`;
};
