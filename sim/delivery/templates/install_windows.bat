@echo off
rem Installs the program into .venv of this folder out of the files in wheels, without a network.
rem Every letter here is ASCII; what is said in Japanese stands in texts\*.txt (UTF-8).
setlocal
chcp 65001 >nul
pushd "%~dp0"
if errorlevel 1 goto no_folder
set SIM_TEST="import sys; sys.exit(sys.version_info[:2] != ({{ version.replace('.', ', ') }}) or sys.maxsize < 2**32)"
set SIM_RUN=py -{{ version }}
%SIM_RUN% -c %SIM_TEST% >nul 2>nul
if not errorlevel 1 goto found
set SIM_RUN=python
%SIM_RUN% -c %SIM_TEST% >nul 2>nul
if not errorlevel 1 goto found
call :say no_python_to_install "Python {{ version }} of 64 bit is missing. Install it, and double-click this file again."
goto failed
:found
call :say installing "Installing. This takes a few minutes."
%SIM_RUN% -m venv .venv
if errorlevel 1 goto stopped
set SIM_RUN=".venv\Scripts\python.exe"
%SIM_RUN% -m pip --isolated install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements.txt
if errorlevel 1 goto stopped
%SIM_RUN% -m sim towns --quiet >nul
if errorlevel 1 goto stopped
call :say installed "Installed. Double-click start_windows.bat."
popd
pause
exit /b 0
:no_folder
echo This folder cannot be opened. Copy it to a disk of this machine.
goto failed
:stopped
call :say not_installed "Not installed. Hand the lines above to the IT section."
:failed
popd
pause
exit /b 1
:say
if exist "texts\%~1.txt" type "texts\%~1.txt"
if not exist "texts\%~1.txt" echo %~2
exit /b 0
