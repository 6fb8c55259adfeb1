/** What the door of the server does when it is told. */
export interface DoorKeeper {
  /** Breaks every connection and refuses new ones. */
  shut(): void;
  /** Listens again, on the same port. */
  open(): void;
}

/** Whether clients get in: faults shut it. */
export class Door {
  /** New connections are taken and never answered. */
  silent = false;
  private keeper: DoorKeeper | undefined;

  keptBy(keeper: DoorKeeper): void {
    this.keeper = keeper;
  }

  shut(): void {
    this.keeper?.shut();
  }

  open(): void {
    this.keeper?.open();
  }
}
