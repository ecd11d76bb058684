/** How tasks and streams are called in messages and traces. */
export interface TaskNames {
  readonly task: (task: number) => string
  readonly stream: (stream: number) => string
}

export const defaultNames: TaskNames = { task: (task) => `task ${task}`, stream: (stream) => `stream ${stream}` }
