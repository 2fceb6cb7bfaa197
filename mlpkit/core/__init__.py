"""The algorithm, NumPy alone: functions, network, training. Begin with network.py."""
