export interface EventTypes { http: any }
export type Event = EventTypes[keyof EventTypes]
