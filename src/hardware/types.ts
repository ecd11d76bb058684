/** Arithmetic types a data sheet may quote a peak for. */
export type Dtype = 'fp64' | 'fp32' | 'tf32' | 'fp16' | 'bf16' | 'fp8' | 'fp4' | 'int8'

/** What a data sheet and public measurements say of one device kind (`models/devices`). Rates are dense, bandwidths per direction. */
export interface DeviceKind {
  readonly name: string
  readonly aliases: readonly string[]
  readonly flopsPerSecond: Readonly<Partial<Record<Dtype, number>>>
  /** Share of `flopsPerSecond` that the best measured large matrix product reaches. */
  readonly matrixEfficiency: number
  readonly memoryBytes: number
  readonly memoryBytesPerSecond: number
  /** Share of `memoryBytesPerSecond` that streaming kernels reach. */
  readonly memoryEfficiency: number
  /** Least time of one kernel, launch included. */
  readonly launchSeconds: number
}

/** How hosts of a kind are usually built: what presets are derived from, and what a run that states no links is given. */
export interface HostDesign {
  readonly devicesPerHost: number
  /** Devices of neighbouring hosts that share one switched interconnect, as the 72 of an NVL72 rack; `devicesPerHost` when hosts stand alone. */
  readonly domainDevices: number
  readonly interconnect: Interconnect
  /** Of one host of `devicesPerHost`, per direction. */
  readonly network: Link
  readonly networkDescription: string
  /** Between a device and its host's memory, per direction. */
  readonly pciBytesPerSecond: number
}

export type Provenance = 'measured' | 'specified' | 'recalled' | 'assumed'

/** Where a figure of a data sheet comes from: `assumed` figures are a relative's, `recalled` ones were not read in a source. */
export interface Origin {
  readonly figure: string
  readonly how: Provenance
  readonly source: string
}

/** What a device costs, as somebody published it on a day. */
export interface DevicePrice {
  readonly perDeviceHour: number
  /** ISO 4217. */
  readonly currency: string
  /** YYYY-MM-DD. */
  readonly asOf: string
  readonly source: string
}

export interface DeviceSheet {
  readonly kind: DeviceKind
  readonly host: HostDesign
  readonly origins: readonly Origin[]
  readonly price?: DevicePrice
  readonly note?: string
}

/** Every known device kind; `generic` is not among them: it has no data sheet. */
export interface DeviceCatalogue {
  /** By canonical name and by alias, both in lower case: `findKind` looks up in any case. */
  readonly kinds: ReadonlyMap<string, DeviceKind>
  /** By canonical name, in order of the names. */
  readonly sheets: ReadonlyMap<string, DeviceSheet>
}

export type Transfers = 'full-duplex' | 'half-duplex' | 'uncontended'

export interface Link {
  readonly bytesPerSecond: number
  readonly latencySeconds: number
}

export type Topology = 'switch' | 'mesh' | 'pcie'

export interface Interconnect extends Link {
  readonly topology: Topology
}

export interface Device {
  /** Canonical kind name, or `generic`. */
  readonly kind: string
  /** Data sheet; absent for `generic`, which runs on measured seconds only. */
  readonly sheet?: DeviceKind
  readonly host: number
  readonly memoryBytes: number
  /** To the other devices of the host, per device and direction. */
  readonly interconnect: Interconnect
}

export interface Host {
  readonly firstDevice: number
  readonly deviceCount: number
  /** Per host and direction; absent when the cluster has one host. */
  readonly network?: Link
}

/** A cluster with every device numbered: hosts in file order, then the devices inside (FORMATS, Numbering). */
export interface Cluster {
  readonly name: string
  readonly devices: readonly Device[]
  readonly hosts: readonly Host[]
  readonly transfers: Transfers
}

/** A cluster as it is written: equal hosts said once. `buildCluster` checks and numbers it. */
export interface ClusterDescription {
  readonly name: string
  /** What it is, for lists of presets. */
  readonly description?: string
  readonly hosts: readonly HostDescription[]
  readonly transfers: Transfers
}

export interface HostDescription {
  readonly count: number
  readonly groups: readonly DeviceGroup[]
  readonly interconnect: Interconnect
  readonly network?: Link
}

/** Equal devices inside one host. */
export interface DeviceGroup {
  readonly kind: string
  readonly sheet?: DeviceKind
  readonly count: number
  readonly memoryBytes: number
}
