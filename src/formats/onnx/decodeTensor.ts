import type { TensorData, TensorInfo } from './model.js'
import type { Wire } from './wire.js'

/** Constants up to this many numbers are kept, to follow shape arithmetic; a shape has at most a handful. */
export const mostConstantElements = 8192

/** Reads a TensorProto: name, type and dims. Its numbers are kept when few, else stepped over. */
export function decodeTensor(wire: Wire, type: number): TensorInfo {
  let name = ''
  let dataType = 0
  let isExternal = false
  let raw: TensorData['raw']
  const dims: number[] = []
  const place: string[] = []
  const numbers: number[] = []
  wire.charge(20)
  const keep = (fieldType: number, read: (type: number) => number, plain: number): true => {
    const at = wire.position
    // The limit on bytes decides before anything is read: ten bytes is the longest number.
    const end = fieldType === 2 ? wire.lengthEnd(2) : at
    if (end - wire.position > mostConstantElements * 10) {
      wire.position = end
      return true
    }
    wire.position = at
    return wire.repeated(fieldType, read, plain, numbers)
  }
  wire.message(type, (field, t) => {
    switch (field) {
      case 1:
        return wire.repeated(t, wire.integer, 0, dims, 64)
      case 2:
        dataType = wire.integer(t)
        return true
      case 4:
        return keep(t, wire.float, 5)
      case 5:
      case 7:
      case 11:
        return keep(t, wire.integer, 0)
      case 8:
        name = wire.text(t)
        return true
      case 9: {
        const end = wire.lengthEnd(t)
        raw = { offset: wire.position, length: end - wire.position }
        wire.position = end
        return true
      }
      case 10:
        return keep(t, wire.double, 1)
      case 13:
        place.push(decodePlace(wire, t))
        return true
      case 14:
        isExternal = wire.integer(t) === 1
        return true
      default:
        return false
    }
  })
  const data = isExternal ? undefined : numbers.length > 0 || dims.includes(0) ? { numbers } : raw ? { raw } : undefined
  const external =
    isExternal && place.length > 0
      ? place
          .filter((each) => isPlace.test(each))
          .sort()
          .join('\n')
      : undefined
  return { name, type: dataType, dims: dims.slice(), data, external }
}

/** What tells where external bytes are, of what the file says of them (a checksum does not). */
const isPlace = /^(location|offset|length)=/

function decodePlace(wire: Wire, type: number): string {
  let key = ''
  let value = ''
  wire.message(type, (field, t) => {
    if (field === 1) key = wire.text(t)
    else if (field === 2) value = wire.text(t)
    else return false
    return true
  })
  return `${key}=${value}`
}

/** Reads a SparseTensorProto as the dense tensor it stands for. */
export function decodeSparseTensor(wire: Wire, type: number): TensorInfo {
  let values: TensorInfo = { name: '', type: 0, dims: [] }
  const dims: number[] = []
  wire.message(type, (field, t) => {
    if (field === 1) values = decodeTensor(wire, t)
    else if (field === 3) return wire.repeated(t, wire.integer, 0, dims, 64)
    else return false
    return true
  })
  return { name: values.name, type: values.type, dims }
}
