"""What the lessons' Jupyter server is told: by `python -m mlpkit`, on Binder, and in the browser tests."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class AtOnce(ZMQChannelsWebsocketConnection):
    """Sends each of the kernel's messages to the browser at once.

    By default a short message waits until the one before it is acknowledged, which the browser may put off for 40 ms:
    a slider would be felt to drag. The benchmark is tests/benchmarks/stepper.py.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821, Jupyter gives it
c.ServerApp.kernel_websocket_connection_class = AtOnce
