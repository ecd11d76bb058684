import { elementsOf } from '../dtype.js'
import { type BackwardRules, each, type Shapes } from './rule.js'

/** Maximum pooling keeps its input and the place of each maximum as int64, average pooling its input (torch's derivatives.yaml, 2.13). */
export const pool: BackwardRules = {
  ...each(
    { keeps: ['inputs', 'marks'], work: 1, leaves: places },
    'MaxPool max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool3d_with_indices adaptive_max_pool2d GlobalMaxPool',
  ),
  ...each({ keeps: ['inputs'], work: 1 }, 'AveragePool avg_pool1d avg_pool2d avg_pool3d LpPool GlobalLpPool'),
  ...each({ keeps: [], work: 1 }, 'GlobalAveragePool adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d'),
  ...each(
    { keeps: ['inputs', 'indices'], work: 1 },
    'RoiAlign MaxRoiPool MaxUnpool grid_sampler GridSample deform_conv2d DeformConv',
  ),
}

function places({ outputs }: Shapes): number {
  return outputs.length > 1 || !outputs[0] ? 0 : 8 * elementsOf(outputs[0])
}
