import path from 'node:path';
import type { Party } from './party.ts';
import { preparePythonEnvironment } from './python-environment.ts';

const versionsScript = `import os, platform
os.environ.update(DO_NOT_TRACK="1", NML_DISABLE_USAGE_LOGGING="1")
from importlib.metadata import version
import evidently.presets, nannyml, statsmodels.stats.proportion
print(f"Evidently {version('evidently')}, NannyML {version('nannyml')}, statsmodels {version('statsmodels')}, "
      f"pandas {version('pandas')} on Python {platform.python_version()}")`;

/** Monitors of other people, which look at the same windows as ours. */
export const prepareMonitors = (folder: string): Party =>
  preparePythonEnvironment({
    name: 'Evidently and NannyML',
    folder,
    requirementsFile: path.resolve(import.meta.dirname, '../requirements-monitors.txt'),
    isClosed: true,
    versionsScript,
  });
