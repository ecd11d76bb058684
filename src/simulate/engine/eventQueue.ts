/**
 * The next event of each task that has one, least (time, task) first: a binary heap that knows where each task stands, so that an
 * event can move. What happens at one time is complete before rates are shared out, so no priority besides the number is needed.
 */
export class EventQueue {
  private time = new Float64Array(64)
  private task = new Int32Array(64)
  /** Place in the heap plus one; 0 means not in it. */
  private readonly place: Int32Array
  size = 0

  constructor(taskCount: number) {
    this.place = new Int32Array(taskCount)
  }

  get nextTime(): number {
    return this.time[0]
  }

  /** Enters the task or moves it. */
  set(task: number, time: number): void {
    const held = this.place[task]
    if (held === 0) {
      if (this.size === this.task.length) this.grow()
      this.rise(this.size++, task, time)
    } else if (time < this.time[held - 1]) this.rise(held - 1, task, time)
    else this.sink(held - 1, task, time)
  }

  /** Removes and returns the first task. */
  pop(): number {
    const first = this.task[0]
    this.place[first] = 0
    const last = --this.size
    if (last > 0) this.sink(0, this.task[last], this.time[last])
    return first
  }

  private rise(from: number, task: number, time: number): void {
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!this.isBefore(task, time, parent)) break
      this.put(hole, this.task[parent], this.time[parent])
      hole = parent
    }
    this.put(hole, task, time)
  }

  private sink(from: number, task: number, time: number): void {
    let hole = from
    for (;;) {
      let child = 2 * hole + 1
      if (child >= this.size) break
      const right = child + 1
      if (right < this.size && this.isBefore(this.task[right], this.time[right], child)) child = right
      if (this.isBefore(task, time, child)) break
      this.put(hole, this.task[child], this.time[child])
      hole = child
    }
    this.put(hole, task, time)
  }

  private isBefore(task: number, time: number, other: number): boolean {
    return time < this.time[other] || (time === this.time[other] && task < this.task[other])
  }

  private put(at: number, task: number, time: number): void {
    this.task[at] = task
    this.time[at] = time
    this.place[task] = at + 1
  }

  private grow(): void {
    const time = new Float64Array(2 * this.size)
    const task = new Int32Array(2 * this.size)
    time.set(this.time)
    task.set(this.task)
    this.time = time
    this.task = task
  }
}
