export { buildCluster, mostDevices } from './buildCluster.js'
export { deviceSheet, findKind, genericKind, unknownKind } from './findKind.js'
export { type LinkClasses, linkClasses, refuseUnlinked } from './linkClasses.js'
export { type LabelledLink, type LinkMatrix, linkMatrix } from './linkMatrix.js'
export { transferLink, transferSeconds } from './links.js'
export { type ClusterPresets, resolveClusterName, usualPreset } from './resolve.js'
export { type GroupShape, groupShape, type RunCluster, runClusterOf } from './runCluster.js'
export { type ClusterSummary, clusterSummary, type HostGroup } from './summary.js'
export type {
  Cluster,
  ClusterDescription,
  Device,
  DeviceCatalogue,
  DeviceGroup,
  DeviceKind,
  DevicePrice,
  DeviceSheet,
  Dtype,
  Host,
  HostDescription,
  HostDesign,
  Interconnect,
  Link,
  Origin,
  Provenance,
  Topology,
  Transfers,
} from './types.js'
