"""What answers behind the library tab."""
