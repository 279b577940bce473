import path from 'node:path';
import type { Party } from './party.ts';
import { preparePythonEnvironment } from './python-environment.ts';

const versionsScript = `import platform, sklearn, numpy, onnx, skl2onnx, xgboost
print(f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, numpy {numpy.__version__}, "
      f"onnx {onnx.__version__}, skl2onnx {skl2onnx.__version__}, xgboost {xgboost.__version__}")`;

/** The libraries our numbers and models are compared with. */
export const preparePython = (folder: string): Party =>
  preparePythonEnvironment({
    name: 'Python',
    folder,
    requirementsFile: path.resolve(import.meta.dirname, '../requirements.txt'),
    versionsScript,
  });
