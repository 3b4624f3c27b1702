// VS Code tests: where the server of container.darcy ran: in a folder that is not here.

export const CONTAINER = "/srv/nowhere/shop";
