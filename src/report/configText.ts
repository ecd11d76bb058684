export interface ConfigAsk {
  readonly name: string
  readonly model: string
  readonly cluster?: string
  /** A model description, planned as a training run; else an operator graph. */
  readonly isRun: boolean
  /** The model's file names its devices. */
  readonly hasCluster: boolean
  readonly formatIn?: string
  readonly bind: readonly (readonly [name: string, size: number])[]
}

/** A stowage.config.json for one model, with what else may be said as comments. */
export function configText(ask: ConfigAsk): string {
  return `{
  // Plans that \`stowage gate\` makes and holds to budgets. Paths are relative to this file.
  // What to compare with, unless --base says: a commit or a plan file.
  // "base": "git:origin/main",
  "plans": [
    {
      "name": ${JSON.stringify(ask.name)},
      "model": ${JSON.stringify(ask.model)},
${ask.isRun ? runLines(ask) : graphLines(ask)}
    }
  ],
  "budgets": {
    // For all plans; a plan's own budgets stand under its name. Levels: error, warn, off.
    "*": {
      // Fails only if both the percentage of the base and the seconds are exceeded.
      // "max": "2 s" holds the step itself down.
      "stepTime": ["error", { "maxIncrease": { "percent": 3, "seconds": 0.00001 } }],
      // Of the fullest device, as a share of what it may hold, or in bytes: "4 GiB".
      "headroom": ["error", { "min": "5%" }],
${ask.isRun ? runBudgets : graphBudgets}
    }
  }
}
`
}

/** Presets of `init`: small hosts that are in wide use. */
const usualCluster = 'h100x8'

function clusterLine({ cluster, hasCluster }: ConfigAsk): string {
  if (cluster === undefined && hasCluster)
    return '      // "cluster": absent, since the model\'s file names its devices.'
  return `      // A preset (stowage clusters lists them), a count of presets (16xh100x8) or a file.
      "cluster": ${JSON.stringify(cluster ?? usualCluster)},`
}

function graphLines(ask: ConfigAsk): string {
  const { formatIn, bind } = ask
  return [
    clusterLine(ask),
    ...(formatIn === undefined ? [] : [`      "formatIn": ${JSON.stringify(formatIn)},`]),
    ...(bind.length ? [`      "bind": ${JSON.stringify(Object.fromEntries(bind))},`] : []),
    '      // Quick, so that a gate of many plans takes seconds; "auto", the default of stowage plan, searches longer.',
    '      "placer": "etf"',
    '      // "memoryLimit": "40 GiB", "mode": "training", "out": "plans/NAME.json"',
  ].join('\n')
}

function runLines(ask: ConfigAsk): string {
  return `${clusterLine(ask)}
      "training": { "globalBatch": 64, "microbatch": 1, "precision": "bf16", "recompute": "selective", "optimizer": "adamw" },
      // Degrees: tp, pp, dp, cp, ep; what is left of the devices is data-parallel.
      "pin": { "tp": 1, "fsdp": true }
      // "stack": "torchtitan", "out": "plans/NAME.json"`
}

const graphBudgets = `      "exposedCommunication": ["warn", { "max": "50%" }],
      "unmodelled": ["warn", { "max": "5%" }]
      // "price" and, for training runs, "bubble" and "mfu".`

const runBudgets = `      "exposedCommunication": ["warn", { "max": "50%" }],
      "mfu": ["warn", { "min": "20%" }]
      // "bubble", "price".`
