import { Problems } from '../../errors/index.js'
import type { CommunicationPlan, Sharing, SyncTraffic, Traffic } from '../../model/index.js'
import { type CommunicationMethod, communicationMethods, type MethodNeed } from './communicationMethods.js'

/** One entry of a run's `parallelism.communication`: a method by name, and the fields in which it differs from the published one. */
export interface CommunicationChoice {
  readonly method: string
  readonly gradients?: Traffic | null | undefined
  readonly parameters?: Traffic | null | undefined
  readonly sync?: { readonly [Key in keyof SyncTraffic]?: SyncTraffic[Key] | undefined } | null | undefined
  readonly stateBytes?: number | null | undefined
  readonly changesConvergence?: boolean | null | undefined
}

const everyStep: SyncTraffic = { everySteps: 1, fragments: 1, overlapSteps: 0 }

/** The methods as one. E607 where two would encode the same exchange, or one needs what the run's sharing does not leave whole. */
export function communicationPlan(
  choices: readonly CommunicationChoice[],
  sharing: Pick<Sharing, 'zeroStage' | 'fullyShard'>,
  where: string,
): CommunicationPlan {
  const problems = new Problems()
  const methods = choices.map(settled)
  methods.forEach((method, k) => {
    const at = `${where}/${k}`
    for (const need of needsOf(method)) {
      const refused = unmet[need](sharing)
      if (refused) problems.add('E607', `${method.name} ${refused.what}`, { where: at, ...refused.detail })
    }
    const { sync } = method
    if (sync && sync.fragments > sync.everySteps)
      problems.add('E607', `${method.name} has more fragments than steps`, {
        where: `${at}/sync`,
        expected: `at most ${sync.everySteps} fragments`,
        found: String(sync.fragments),
      })
    methods.slice(0, k).forEach((other) => {
      const clash = clashOf(other, method)
      if (clash)
        problems.add('E607', `${other.name} and ${method.name} ${clash}`, {
          where: at,
          fix: `leave out ${other.name} or ${method.name}`,
        })
    })
  })
  problems.throwIfAny()
  const the = <Key extends 'gradients' | 'parameters' | 'sync'>(key: Key) => methods.find((each) => each[key])?.[key]
  const [gradients, parameters, sync] = [the('gradients'), the('parameters'), the('sync')]
  return {
    methods: methods.map(({ name }) => name),
    changesConvergence: methods.some((each) => each.changesConvergence),
    ...(gradients && { gradients }),
    ...(parameters && { parameters }),
    ...(sync && { sync }),
    stateBytes: methods.reduce((sum, each) => sum + each.stateBytes, 0),
  }
}

/** The published method with the fields that the run states. */
function settled(choice: CommunicationChoice): CommunicationMethod {
  const method = communicationMethods[choice.method]
  const gradients = merged(method.gradients, choice.gradients)
  const parameters = merged(method.parameters, choice.parameters)
  const sync = choice.sync ? { ...everyStep, ...merged(method.sync, choice.sync) } : method.sync
  return {
    ...method,
    ...(gradients && { gradients }),
    ...(parameters && { parameters }),
    ...(sync && { sync }),
    stateBytes: choice.stateBytes ?? method.stateBytes,
    changesConvergence: choice.changesConvergence ?? method.changesConvergence,
  }
}

function merged<T extends object>(published: T | undefined, stated: Partial<T> | null | undefined): T | undefined {
  if (!stated) return published
  const given = Object.entries(stated).filter(([, value]) => value !== undefined)
  return { ...published, ...Object.fromEntries(given) } as T
}

/** What its name is known to need, and what its exchanges show. */
function needsOf({ needs, parameters, sync, gradients }: CommunicationMethod): ReadonlySet<MethodNeed> {
  const all: (MethodNeed | undefined)[] = [
    sync ? 'whole-state' : needs,
    parameters && 'shared-state',
    gradients?.sparse && !sync ? 'whole-gradients' : undefined,
  ]
  return new Set(all.filter((need) => need !== undefined))
}

function clashOf(a: CommunicationMethod, b: CommunicationMethod): string | undefined {
  if (a.gradients && b.gradients) return 'both encode the gradients'
  if (a.parameters && b.parameters) return 'both encode the parameters'
  if (a.sync && b.sync) return 'both say when ranks meet'
  if ((a.sync && b.gradients) || (b.sync && a.gradients))
    return 'do not go together: between local steps no gradients travel'
  return undefined
}

interface Refusal {
  readonly what: string
  readonly detail: { readonly expected: string; readonly found: string; readonly fix: string }
}

type Shared = Pick<Sharing, 'zeroStage' | 'fullyShard'>

const atMost = (stage: number, what: string) => (sharing: Shared) => {
  const { zeroStage, fullyShard } = sharing
  if (zeroStage <= stage && !fullyShard) return undefined
  const expected = `zeroStage ${stage === 0 ? '0' : `0 to ${stage}`}, no fsdp`
  return refusal(what, expected, sharing, `take ${expected}, or leave the method out`)
}

/** Why a method cannot be had, by what it needs. */
const unmet: Readonly<Record<MethodNeed, (sharing: Shared) => Refusal | undefined>> = {
  'shared-state': (sharing) =>
    sharing.zeroStage >= 1
      ? undefined
      : refusal(
          'encodes weights on their way back to ranks that share state',
          'zeroStage 1 to 3',
          sharing,
          'take zeroStage 1',
        ),
  'whole-gradients': atMost(1, 'keeps what it did not send, so every rank needs its whole gradients'),
  'whole-state': atMost(0, 'steps locally, so every rank needs whole weights and optimizer state'),
}

function refusal(what: string, expected: string, { zeroStage, fullyShard }: Shared, fix: string): Refusal {
  return { what, detail: { expected, found: `zeroStage ${zeroStage}${fullyShard ? ', fsdp' : ''}`, fix } }
}
