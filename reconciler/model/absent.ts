// What every kind of resource can be: not there.
export interface Absent {
  readonly type: "absent";
}

export const ABSENT: Absent = { type: "absent" };
