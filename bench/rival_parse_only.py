"""The rival: an endpoint that parses the same body and does nothing, on the same server program."""

import sys
from socket import socket

import uvicorn
from fastapi import FastAPI

from domain.commands.dispute.sessions import SessionDetails

app = FastAPI()


@app.post("/v1/disputes/{dispute}/sessions")
async def parse(dispute: str, body: SessionDetails) -> dict[str, str]:
    """Answer without looking."""
    return {"id": dispute, "outcome": body.outcome}


if __name__ == "__main__":
    config = uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_config=None)
    uvicorn.Server(config).run(sockets=[socket(fileno=int(sys.argv[1]))])
