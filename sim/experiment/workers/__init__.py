"""Who simulates: tasks, their queue, pools of processes, a cluster."""
