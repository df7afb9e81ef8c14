"""The library tab: thousands of kept pictures, to be found, judged and handed over."""
