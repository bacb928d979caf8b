// Where a ticket is on its way through its services.

/**
 * The step that it is at, or was last.
 * @param {wire.TicketView} ticket
 */
export const current = (ticket) => ticket.steps[ticket.current];
