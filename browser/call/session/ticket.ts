// Leave to open the room's socket.
import type { TicketAnswer } from "../connection/signalling.js";
import { post } from "./api.js";
import type { Config } from "./config.js";

export async function askTicket({ urls, csrf }: Config): Promise<TicketAnswer> {
  const { status, body } = await post(urls.ticket, csrf);
  if (status === 200) return body as { ticket: string };
  if (status === 409) {
    return { final: (body as { reason?: string }).reason === "ended" ? "ended" : "not_in_window" };
  }
  return [401, 403, 404].includes(status) ? { final: "signed_out" } : null;
}
