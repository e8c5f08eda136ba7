/** What an interface file says of values of a type, where it says more than the bytes do. */
export interface Shape {
  /** Of a structure, by their ids. */
  fields: ReadonlyMap<number, FieldShape> | undefined
  /** Of an enumeration, by their numbers. */
  names: ReadonlyMap<number, string> | undefined
  /** Of the keys of a map. */
  key: Shape | undefined
  /** Of the elements of a list or a set, or of the values of a map. */
  element: Shape | undefined
}

/** Nothing is said. */
export const NO_SHAPE: Shape = { fields: undefined, names: undefined, key: undefined, element: undefined }

export interface FieldShape {
  /** Its name and what stands between it and its value. */
  label: string
  shape: Shape | undefined
}

/** What can be called. */
export interface Method {
  service: string
  /** It is never answered. */
  isOneway: boolean
  /** A structure: the arguments. */
  params: Shape
  /** A structure: what is returned as field 0, and the exceptions that are declared. */
  result: Shape
}

/** All that interface files say. */
export interface Interfaces {
  /** By name; and by the service, a colon and the name, as multiplexed clients call it. */
  methods: ReadonlyMap<string, Method>
}
