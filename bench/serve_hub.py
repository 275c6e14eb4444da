"""`python -m bench.serve_hub PORT`: `hub_alone` under the product's own server configuration."""

import sys

import uvicorn

from recruitment.server import config

if __name__ == "__main__":
    from bench.hub_alone import application

    settings = config()
    settings.app, settings.lifespan, settings.host, settings.port = application, "off", "127.0.0.1", int(sys.argv[1])
    settings.interface = "asgi3"
    uvicorn.Server(settings).run()
